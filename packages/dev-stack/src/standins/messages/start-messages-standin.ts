import { createFaults } from '../shared/faults.ts';
import type { RunningStandin } from '../shared/run-standin.ts';
import { startHttpStandin } from '../shared/start-http-standin.ts';
import { defaultOptions, type MessagesStandinOptions } from './config.ts';
import { toProviderError } from './errors.ts';
import { openInboxes } from './inboxes.ts';
import { messagesRoutes } from './routes/index.ts';

export type MessagesStandin = RunningStandin;

/**
 * Starts the stand-in. Options left out take the defaults of `config.ts` (loopback, a free port, test credentials).
 * Rejects with `EADDRINUSE` when the port is taken.
 */
export async function startMessagesStandin(given: Partial<MessagesStandinOptions> = {}): Promise<MessagesStandin> {
  const options = { ...defaultOptions, ...given };
  const inboxes = openInboxes(options.dataFile);
  const faults = createFaults();
  const { host, port } = options;
  const routes = messagesRoutes({ options, inboxes, faults });
  const server = await startHttpStandin({ host, port, faults, routes, toError: toProviderError });
  return {
    port: server.port,
    url: `http://${host}:${server.port}`,
    async close() {
      await server.close();
      inboxes.close();
    },
  };
}
