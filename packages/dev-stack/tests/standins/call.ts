/** Small HTTP callers for the stand-ins' tests. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read foreign JSON field by field
  readonly json: any;
}

export async function call(method: string, url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init, method });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

export function callJson(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  return call(method, url, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export function postForm(url: string, fields: Record<string, string>) {
  return call('POST', url, { body: new URLSearchParams(fields) });
}

/** Waits until `read` gives a value; fails after `patienceMs`. */
export async function until<T>(read: () => Promise<T | undefined> | T | undefined, patienceMs = 5_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('the awaited condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
