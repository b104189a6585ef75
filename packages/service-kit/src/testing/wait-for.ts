export interface WaitOptions {
  timeoutMs?: number;
  everyMs?: number;
}

/** Waits until `condition` answers something truthy, and returns it. Throws after `timeoutMs` (10 s). */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T> | T,
  { timeoutMs = 10_000, everyMs = 20 }: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
