import { setTimeout as sleep } from 'node:timers/promises';

/** Asks the URL until it answers 200. Rejects after 60 s; returns early when there is no point in asking any more. */
export async function waitUntilReady(url: string, isWorthAsking: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (isWorthAsking()) {
    if (await answersOk(url)) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer 200 within 60 s`);
    await sleep(50);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), headers: { connection: 'close' } });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
