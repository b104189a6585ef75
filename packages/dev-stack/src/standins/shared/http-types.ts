import type { IncomingHttpHeaders } from 'node:http';

/** A request after its body was read and its path matched. */
export interface StandinRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A whole answer; handlers return it and never touch the socket. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Handler = (request: StandinRequest) => Reply | Promise<Reply>;

/** One line of a stand-in's route table. `faulty` routes obey the fault modes set through `POST /_control`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly faulty: boolean;
  readonly handle: Handler;
}

/** A route that plays the provider: fault modes apply. */
export function providerRoute(method: string, path: string, handle: Handler): Route {
  return { method, path, handle, faulty: true };
}

/** A route of the stand-in itself (inboxes, control, health): always answers. */
export function plainRoute(method: string, path: string, handle: Handler): Route {
  return { method, path, handle, faulty: false };
}
