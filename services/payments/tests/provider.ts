import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import type { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { payOnPage } from '@mawid/dev-stack';
import type { Clock } from '@mawid/service-kit';
import { startMoyasarStandin } from '../../../packages/dev-stack/src/standins/moyasar/index.ts';

export interface Books {
  payments: { id: string; status: string; amount: number; refunded: number; invoice_id: string | null }[];
  refunds: { payment_id: string; amount: number }[];
  invoices: { id: string; status: string; amount: number; metadata: Record<string, string> | null }[];
  totals: Record<string, { charged: number; refunded: number }>;
  webhooks: { pending: number; delivered: number; dropped: number };
  raw_card_breaches: string[];
}

export interface Fault {
  mode: string;
  match?: string;
  ms?: number;
  status?: number;
  times?: number;
}

export const declinedCard = '4201321234411220';

/** The stand-in for Moyasar, its levers, and the way its webhooks come in. */
export interface Provider {
  readonly apiUrl: string;
  /** Where our side of the internet begins. */
  readonly publicUrl: string;
  /** Bodies of webhooks as they came. */
  readonly webhooks: string[];
  deliverTo(client: Client<typeof PaymentService>): void;
  /** While closed, nothing from the provider reaches payments. */
  closeDoor(isClosed: boolean): void;
  /** How many came while the door was closed. */
  turnedAway(): number;
  pay(paymentUrl: string, card?: string): Promise<void>;
  fault(fault: Fault): Promise<void>;
  books(): Promise<Books>;
  /** A call of our own to its API, past the service. */
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startProvider(clock: Clock): Promise<Provider> {
  const webhooks: string[] = [];
  let client: Client<typeof PaymentService> | undefined;
  let isClosed = false;
  let turnedAway = 0;
  const door = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const webhookUrl = `${publicUrl}/api/webhooks/moyasar`;
  const standin = await startMoyasarStandin({ webhookUrl, now: () => clock.now(), timeFactor: 600 });
  const authorization = `Basic ${Buffer.from('sk_test_mawid:').toString('base64')}`;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const data = Buffer.concat(chunks);
    if (isClosed) {
      turnedAway++;
      return void response.writeHead(503).end();
    }
    webhooks.push(data.toString());
    const status = await deliver(data);
    response.writeHead(status).end();
  }

  async function deliver(data: Buffer): Promise<number> {
    try {
      await client?.receiveMoyasarWebhook({ contentType: 'application/json', data });
      return 200;
    } catch (error) {
      return ConnectError.from(error).code === Code.Unauthenticated ? 401 : 503;
    }
  }

  async function control(method: string, path: string, body?: object): Promise<unknown> {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const response = await fetch(`${standin.url}${path}`, init);
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  return {
    apiUrl: standin.apiUrl,
    publicUrl,
    webhooks,
    deliverTo(given) {
      client = given;
    },
    closeDoor(closed) {
      isClosed = closed;
      turnedAway = 0;
    },
    turnedAway: () => turnedAway,
    pay: async (paymentUrl, card) => void (await payOnPage(paymentUrl, card)),
    fault: async (fault) => void (await control('POST', '/_control', fault)),
    books: async () => (await control('GET', '/_control/books')) as Books,
    async call(method, path, body) {
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${standin.apiUrl}${path}`, {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    async reset() {
      webhooks.length = 0;
      await control('POST', '/_control/reset');
    },
    async close() {
      await standin.close();
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
    },
  };
}
