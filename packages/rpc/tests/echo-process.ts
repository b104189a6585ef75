// A server process of its own: tells its port to its parent and drains on SIGTERM.
import { setTimeout as wait } from 'node:timers/promises';
import { startGrpcServer } from '../src/index.ts';
import { echoRoutes } from './echo-service.ts';

const routes = echoRoutes({
  async write(request) {
    await wait(Math.random() * 3);
    return { text: request.text };
  },
});
const server = await startGrpcServer({ routes }, { host: '127.0.0.1', port: 0 });
process.once('SIGTERM', () => {
  server.drain(5_000).then(() => process.disconnect());
});
process.send?.(server.port);
