import { createFaults } from '../shared/faults.ts';
import type { RunningStandin } from '../shared/run-standin.ts';
import { startHttpStandin } from '../shared/start-http-standin.ts';
import { openBooks } from './books.ts';
import { defaultOptions, type MoyasarStandinOptions } from './config.ts';
import { registerConfiguredWebhook } from './configured-webhook.ts';
import type { Context } from './context.ts';
import { toApiError } from './errors.ts';
import { moyasarRoutes } from './routes/index.ts';
import { createWebhooks } from './webhooks.ts';

export interface MoyasarStandin extends RunningStandin {
  /** The base that clients are configured with: `http://127.0.0.1:<port>/v1`. */
  readonly apiUrl: string;
}

/**
 * Starts the stand-in. Options left out take the defaults of `config.ts` (loopback, a free port, test keys, no webhook).
 * Rejects with `EADDRINUSE` when the port is taken. `close` waits for running webhook attempts to end.
 */
export async function startMoyasarStandin(given: Partial<MoyasarStandinOptions> = {}): Promise<MoyasarStandin> {
  const options = { ...defaultOptions, ...given };
  const books = openBooks(options.dataFile);
  const faults = createFaults();
  const webhooks = createWebhooks({ books, faults, options });
  let url = '';
  const ctx: Context = { options, books, faults, webhooks, publicUrl: () => options.publicUrl ?? url };
  registerConfiguredWebhook(ctx);
  const { host, port } = options;
  const server = await startHttpStandin({ host, port, faults, routes: moyasarRoutes(ctx), toError: toApiError });
  url = `http://${host}:${server.port}`;
  webhooks.resume();
  return {
    port: server.port,
    url,
    apiUrl: `${url}/v1`,
    async close() {
      await server.close();
      await webhooks.close();
      books.close();
    },
  };
}
