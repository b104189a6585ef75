// The least that a JSON API in Node can cost: node:http, a parsed body, the same body again.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../src/serve-parent.ts';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const content = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) });
    response.end(content);
  });
});
server.listen(0, '127.0.0.1', () => serveParent({ port: (server.address() as AddressInfo).port }));
