import { createRouterTransport } from '@connectrpc/connect';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createLogger, insertEvents, type OutgoingEvent, type RunningService, startService } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import {
  type MessagesStandin,
  startMessagesStandin,
} from '../../../../packages/dev-stack/src/standins/messages/index.ts';
import { type Context, notifyService } from '../../src/service.ts';
import { createFakeBooking, type FakeBooking } from './fake-booking.ts';
import { createPhones, type Phones } from './phones.ts';

export interface MessageState {
  id: string;
  kind: string;
  state: string;
  attempts: number;
  waits: number;
  provider: string | null;
  reason: string | null;
  channel: string;
  body: string | null;
  phone: string | null;
  facts: unknown;
  sealed_code: string | null;
  traceparent: string | null;
}

/** Notify with real PostgreSQL and NATS, the providers' stand-in, and a booking of our own. */
export interface NotifyFixture {
  readonly running: RunningService<Context>;
  readonly booking: FakeBooking;
  readonly phones: Phones;
  /** Publishes facts, whosever they are, and waits until notify has taken them in. */
  publish(...events: OutgoingEvent[]): Promise<void>;
  /** Messages about a person or a code's request, in order. */
  states(about: string): Promise<MessageState[]>;
  waitForState(about: string, ...wanted: string[]): Promise<MessageState[]>;
  decisions(about: string): Promise<string[]>;
  published(subject: string): Promise<number>;
  close(): Promise<void>;
}

export interface NotifyOptions {
  env?: Record<string, string>;
  overrides?: Partial<Context>;
}

export async function startNotify({ env = {}, overrides = {} }: NotifyOptions = {}): Promise<NotifyFixture> {
  const infrastructure = await startTestInfrastructure();
  const standin = await startMessagesStandin();
  const booking = createFakeBooking();
  const lines: string[] = [];
  const config = notifyService.loadConfig({ ...(await toEnvironment(infrastructure, standin)), ...env });
  const running = await startService(notifyService, config, {
    logger: createLogger({ name: 'notify', level: 'error', destination: { write: (line) => void lines.push(line) } }),
    bookingTransport: createRouterTransport(booking.routes),
    ...overrides,
  });
  const { database, relay } = running.ctx;

  async function states(about: string): Promise<MessageState[]> {
    const { rows } = await database.query<MessageState>({
      name: 'test.states',
      text: 'SELECT * FROM messages WHERE user_id::text = $1 OR reference_id = $1 OR phone = $1 ORDER BY id',
      values: [about],
    });
    return rows;
  }

  return {
    running,
    booking,
    phones: createPhones(standin),
    states,
    async publish(...events) {
      await database.transaction((tx) => insertEvents(tx, events));
      relay.wake();
      const ids = events.map(({ id }) => id);
      await waitFor('the facts', async () => {
        const text = 'SELECT count(*)::int AS known FROM inbox WHERE event_id = ANY($1::uuid[])';
        const { rows } = await database.query<{ known: number }>({ name: 'test.inbox', text, values: [ids] });
        return rows[0]?.known === new Set(ids).size;
      });
    },
    waitForState: (about, ...wanted) =>
      waitFor(`${about} to be ${wanted}`, async () => {
        const found = await states(about);
        return found.map(({ state }) => state).join() === wanted.join() ? found : undefined;
      }),
    async decisions(about) {
      const { rows } = await database.query<{ line: string }>({
        name: 'test.decisions',
        text: `SELECT concat_ws(' ', m.kind, d.decision, d.reason) AS line
                 FROM message_decisions d JOIN messages m ON m.id = d.message_id
                WHERE m.user_id::text = $1 OR m.reference_id = $1 OR m.phone = $1 ORDER BY d.id`,
        values: [about],
      });
      return rows.map(({ line }) => line);
    },
    async published(subject) {
      const text = 'SELECT count(*)::int AS count FROM outbox WHERE subject = $1';
      const { rows } = await database.query<{ count: number }>({ name: 'test.published', text, values: [subject] });
      return rows[0]?.count ?? 0;
    },
    async close() {
      await running.close();
      await standin.close();
      await infrastructure.close();
      // A step that fails is tried again and so might pass unseen.
      const fault = lines.find((line) => line.includes('a step of a message failed'));
      if (fault) throw new Error(fault);
    },
  };
}

/** Settings of a notify that is quick to try again. */
export async function toEnvironment(
  infrastructure: TestInfrastructure,
  { url }: Pick<MessagesStandin, 'url'>,
): Promise<Record<string, string>> {
  return {
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    NOTIFY_GRPC_PORT: '0',
    NOTIFY_HTTP_PORT: '0',
    NOTIFY_DATABASE_URL: await infrastructure.databaseUrl('notify'),
    NATS_URL: infrastructure.natsUrl,
    OTP_PROVIDER: 'authentica',
    AUTHENTICA_URL: url,
    UNIFONIC_URL: `${url}/rest`,
    MESSAGES_TIMEOUT_MS: '400',
    NOTIFY_POLL_MS: '50',
    NOTIFY_LEASE_MS: '600',
    NOTIFY_RETRY_BASE_MS: '40',
    NOTIFY_CODE_MAX_ATTEMPTS: '4',
    NOTIFY_TEXT_MAX_ATTEMPTS: '4',
  };
}
