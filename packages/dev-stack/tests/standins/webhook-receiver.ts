import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookReceiver {
  readonly url: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read foreign JSON field by field
  readonly received: { at: number; event: any }[];
  /** Answers the next so many deliveries with 500. */
  failNext(times: number): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: WebhookReceiver['received'] = [];
  let failures = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ at: Date.now(), event: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
    response.writeHead(failures > 0 ? 500 : 200).end();
    failures = Math.max(0, failures - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    failNext(times) {
      failures = times;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
