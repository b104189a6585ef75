import { connectNats, type NatsConnection } from '@mawid/service-kit';

export interface NatsLinkOptions {
  readonly url: string;
  /** Runs after each connect and reconnect, before the connection counts as there. What it throws is told to `onChange`. */
  prepare(nats: NatsConnection): Promise<void>;
  onChange(isUp: boolean, error?: unknown): void;
}

/** A connection that comes and goes. Nobody waits for it. */
export interface NatsLink {
  /** The connection while it is up. */
  current(): NatsConnection | undefined;
  close(): Promise<void>;
}

/** How long the start waits for the first connection, and the pause between attempts. */
const firstWaitMs = 1_000;
const pauseMs = 500;

/** Connects in the background, again and again. Resolves when connected or after a first attempt in vain, at most a second. Never rejects. */
export async function startNatsLink(options: NatsLinkOptions): Promise<NatsLink> {
  const link = createLink(options);
  const done = link.connect();
  await Promise.race([done, pause(firstWaitMs)]);
  return { current: link.current, close: link.close };
}

function createLink({ url, prepare, onChange }: NatsLinkOptions) {
  let nats: NatsConnection | undefined;
  let isUp = false;
  let isClosing = false;
  let retry: NodeJS.Timeout | undefined;

  function setUp(next: boolean, error?: unknown): void {
    if (isUp === next && error === undefined) return;
    isUp = next;
    if (!isClosing) onChange(next, error);
  }

  async function makeReady(connection: NatsConnection): Promise<void> {
    try {
      await prepare(connection);
      setUp(connection === nats && !connection.isClosed());
    } catch (error) {
      setUp(false, error);
      if (!isClosing && connection === nats) later(() => makeReady(connection));
    }
  }

  async function watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') setUp(false);
      if (type === 'reconnect') void makeReady(connection);
    }
    setUp(false);
    if (!isClosing) later(connect);
  }

  async function connect(): Promise<void> {
    try {
      const connection = await connectNats({ url, name: 'gateway' });
      if (isClosing) return void (await connection.close());
      nats = connection;
      void watch(connection);
      await makeReady(connection);
    } catch (error) {
      setUp(false, error);
      if (!isClosing) later(connect);
    }
  }

  function later(work: () => Promise<void>): void {
    clearTimeout(retry);
    retry = setTimeout(() => void work(), pauseMs).unref();
  }

  return {
    connect,
    current: () => (isUp ? nats : undefined),
    async close() {
      isClosing = true;
      clearTimeout(retry);
      await nats?.close();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
