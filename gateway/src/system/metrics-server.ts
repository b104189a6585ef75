import type { OpenMetricsContentType, Registry } from 'prom-client';
import { type HttpServer, startHttpServer } from '../http/http-server.ts';

/** `/metrics` on a port of its own: it is for operators, not for clients. */
export function startMetricsServer(
  metrics: Registry<OpenMetricsContentType>,
  listen: { host: string; port: number },
): Promise<HttpServer> {
  return startHttpServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  }, listen);
}
