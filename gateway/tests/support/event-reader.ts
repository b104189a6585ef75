import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface OpenStream {
  readonly response: IncomingMessage;
  /** All that has come. */
  text(): string;
  /** Resolves when the text has this in it; rejects when the stream ends before. */
  until(wanted: string | RegExp): Promise<void>;
  /** Resolves with true for an end in good order, false for a cut connection. */
  readonly ended: Promise<boolean>;
  close(): void;
}

/** Opens a stream and keeps reading, unless it is paused. */
export async function openStream(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<OpenStream> {
  const { asked, response } = await ask(url, headers, method);
  let text = '';
  let isOver = false;
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    notify();
  });
  response.on('error', () => undefined);
  const ended = new Promise<boolean>((resolve) => {
    response.once('close', () => {
      isOver = true;
      resolve(response.complete);
      notify();
    });
  });
  const until = (wanted: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const isThere = typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
        if (!isThere && !isOver) return;
        watchers.delete(look);
        if (isThere) resolve();
        else reject(new Error(`the stream ended with ${JSON.stringify(text)}`));
      };
      watchers.add(look);
      look();
    });
  return { response, text: () => text, until, ended, close: () => asked.destroy() };
}

function ask(
  url: string,
  headers: Record<string, string>,
  method: string,
): Promise<{ asked: ClientRequest; response: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => resolve({ asked, response }));
    asked.once('error', reject);
    asked.end();
  });
}

/** Waits for a condition. */
export async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1_000 && !condition(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!condition()) throw new Error('it did not happen');
}
