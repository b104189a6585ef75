import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** The HTTP/2 servers inside a grpc-js server; none when a release of grpc-js keeps them elsewhere. */
export function http2ServersOf(server: Server): Http2Server[] {
  return [...infosOf(server).keys()];
}

/** The connections of a grpc-js server. */
export function sessionsOf(server: Server): ServerHttp2Session[] {
  return [...infosOf(server).values()].flatMap((info) => [...info.sessions]);
}

type Infos = Map<Http2Server, { sessions: Set<ServerHttp2Session> }>;

function infosOf(server: Server): Infos {
  const infos: unknown = Reflect.get(server, 'http2Servers');
  return infos instanceof Map ? (infos as Infos) : new Map();
}
