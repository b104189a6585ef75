import { connect } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
  readonly json: any;
}

/** Sends a request; objects are sent as JSON, everything else as it is. */
export async function request(
  url: string,
  line: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const isJson =
    options.body !== undefined && typeof options.body !== 'string' && !(options.body instanceof Uint8Array);
  const headers = { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers };
  const body = (isJson ? JSON.stringify(options.body) : options.body) as RequestInit['body'];
  const response = await fetch(url + path, { method, headers, body: body ?? null });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: toJson(text) };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends bytes as they are, `next.more` when `next.after` has come back, and gives all that came until the server closed the connection. */
export function sendRaw(port: number, text: string | Buffer, next?: { after: string; more: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (next !== undefined && answer.includes(next.after)) socket.write(next.more);
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    );
  });
}
