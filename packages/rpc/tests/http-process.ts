// A server of Connect in a process of its own: tells its port to its parent, and when asked the most memory it had
// outside of the heap, in bytes. Jest's own errors are not those of node:zlib, which Connect looks at.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnectHandler } from '../src/index.ts';
import { echoRoutes } from './echo-service.ts';

let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().external);
}, 1);
const server = createServer(createConnectHandler({ routes: echoRoutes() }));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => process.send?.(peak));
process.on('disconnect', () => process.exit());
