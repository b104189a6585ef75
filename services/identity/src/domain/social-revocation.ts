const minute = 60_000;
const longest = 12 * 60 * minute;

/** More than two days of an outage, then an operator is called. */
export const mostRevocationAttempts = 14;

/** When to try again after so many attempts; undefined when it has been tried often enough. */
export function nextRevocationAt(attempts: number, now: Date): Date | undefined {
  if (attempts >= mostRevocationAttempts) return undefined;
  return new Date(now.getTime() + Math.min(minute * 2 ** (attempts - 1), longest));
}
