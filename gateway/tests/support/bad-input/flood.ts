import { connect, type Socket } from 'node:net';
import { type RawReply, readReplies, readStreamHead } from './read-replies.ts';

export interface FloodOptions {
  readonly port: number;
  /** Requests 0 to count − 1 are sent, each until it is answered. */
  readonly count: number;
  readonly connections: number;
  /** Requests on their way on one connection. */
  readonly depth: number;
  make(number: number): Buffer;
  /** Throws to end the flood. */
  onReply(number: number, reply: RawReply): void;
}

/** A request that got no answer after so many connections ended over it ends the flood. */
const maxAttempts = 3;
/** A server that says nothing for so long hangs. */
const silenceMs = 60_000;

/** Sends many requests over few pipelined connections. Rejects with the request that is not answered, or with what `onReply` throws. */
export async function flood(options: FloodOptions): Promise<void> {
  const work = new Work(options);
  try {
    await Promise.all(Array.from({ length: options.connections }, () => work.run()));
  } finally {
    work.stop();
  }
}

class Work {
  readonly #options: FloodOptions;
  readonly #again: number[] = [];
  readonly #attempts = new Map<number, number>();
  readonly #sockets = new Set<Socket>();
  #next = 0;

  constructor(options: FloodOptions) {
    this.#options = options;
  }

  /** Works until there is nothing left, over as many connections as the server ends. */
  async run(): Promise<void> {
    while (this.#next < this.#options.count || this.#again.length > 0) this.#requeue(await this.#connect());
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(): number | undefined {
    const again = this.#again.pop();
    if (again !== undefined) return again;
    return this.#next < this.#options.count ? this.#next++ : undefined;
  }

  /** What was on its way when a connection ended. Only the first may be why. */
  #requeue(unanswered: readonly number[]): void {
    const [first] = unanswered;
    if (first === undefined) return;
    const attempts = (this.#attempts.get(first) ?? 0) + 1;
    this.#attempts.set(first, attempts);
    if (attempts === maxAttempts) throw new Error(`no answer to request ${first}: ${this.#show(first)}`);
    this.#again.push(...unanswered);
  }

  #show(number: number): string {
    return JSON.stringify(this.#options.make(number).toString('latin1').slice(0, 4_000));
  }

  /** Resolves with the numbers that were not answered when the connection ended. */
  #connect(): Promise<number[]> {
    const { port, depth, make, onReply } = this.#options;
    const sent: number[] = [];
    return new Promise((resolve, reject) => {
      const socket: Socket = connect(port, '127.0.0.1');
      let pending: Buffer = Buffer.alloc(0);
      const fill = (): void => {
        while (sent.length < depth) {
          const number = this.#take();
          if (number === undefined) break;
          sent.push(number);
          socket.write(make(number));
        }
        if (sent.length === 0) socket.end();
      };
      const receive = (chunk: Buffer): void => {
        const { replies, rest } = readReplies(pending.length === 0 ? chunk : Buffer.concat([pending, chunk]));
        pending = rest;
        for (const reply of replies) onReply(sent.shift() as number, reply);
        // A stream that has begun is an answer; it goes on until its reader leaves.
        const stream = readStreamHead(rest);
        if (stream !== undefined) {
          onReply(sent.shift() as number, stream);
          socket.destroy();
        } else if (!socket.writableEnded) fill();
      };
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.setTimeout(silenceMs, () =>
        reject(new Error(`the server is silent after ${sent.map((each) => this.#show(each))}`)),
      );
      socket.on('connect', fill);
      socket.on('data', (chunk) => {
        try {
          receive(chunk);
        } catch (error) {
          socket.destroy();
          reject(error);
        }
      });
      // A server that ends a connection may reset it; what matters is what was answered.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        resolve(sent);
      });
    });
  }
}
