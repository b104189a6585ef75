import type { SeenSecrets } from './seen-secrets.ts';

/** Everything that this test file sends and receives by fetch, the seed's calls among it. */
export interface FetchWatch {
  /** Resolves when all answers so far have been read. */
  settled(): Promise<void>;
  /** fetch is again what it was. */
  stop(): void;
}

/** Notes what is secret in each exchange from now on; the exchange itself is not touched. */
export function watchFetch(seen: SeenSecrets): FetchWatch {
  const { fetch } = globalThis;
  const reads = new Set<Promise<void>>();
  globalThis.fetch = async (input, init) => {
    noteHeaders(seen, new Headers(init?.headers));
    if (typeof init?.body === 'string') noteJson(seen, init.body);
    const answer = await fetch(input, init);
    noteHeaders(seen, answer.headers);
    if (isJson(answer)) {
      const read = answer
        .clone()
        .text()
        .then(
          (text) => noteJson(seen, text),
          () => undefined,
        );
      reads.add(read);
      void read.then(() => reads.delete(read));
    }
    return answer;
  };
  return {
    settled: async () => void (await Promise.all(reads)),
    stop() {
      globalThis.fetch = fetch;
    },
  };
}

const isJson = (answer: Response): boolean => /json/.test(answer.headers.get('content-type') ?? '');

function noteHeaders(seen: SeenSecrets, headers: Headers): void {
  seen.note({ access: headers.get('authorization')?.replace(/^Bearer /i, '') ?? '' });
  const device = headers.get('x-device-id');
  if (device?.startsWith('md1.')) seen.tokens.set(device, 'device token');
}

function noteJson(seen: SeenSecrets, text: string): void {
  try {
    seen.note(JSON.parse(text));
  } catch {
    // Some tests send what is no JSON on purpose; nobody was signed in by it.
  }
}
