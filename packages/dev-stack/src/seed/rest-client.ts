/** Calls REST as one person, or as nobody. */
export interface RestClient {
  /** The answer's JSON, of the shape the contract promises. Rejects with RestError unless the status is 2xx. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
}

/** A call that REST has refused. */
export class RestError extends Error {
  readonly status: number;

  constructor(call: string, status: number, answer: string) {
    super(`${call} was answered ${status}: ${answer}`);
    this.name = 'RestError';
    this.status = status;
  }
}

/** A client of the gateway at the URL, with that access token if any. */
export function createRestClient(baseUrl: string, accessToken?: string): RestClient {
  return {
    async call<T>(method: string, path: string, body?: object): Promise<T> {
      const response = await fetch(new URL(path, baseUrl), {
        method,
        headers: {
          'accept-language': 'en',
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      if (!response.ok) throw new RestError(`${method} ${path}`, response.status, text);
      return (text ? JSON.parse(text) : undefined) as T;
    },
  };
}
