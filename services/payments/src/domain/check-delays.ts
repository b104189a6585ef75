const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** When to ask again about something whose outcome the provider did not say: quickly at first, hourly for ever. */
const unresolved = [10 * second, minute, 5 * minute, hour] as const;

/** When to look once more for money that came after a payment was given up; then the webhook alone can tell. */
const afterExpiry = [5 * minute, hour, 6 * hour, 24 * hour] as const;

/** After the page has lapsed the provider gets this time to end what the payer began. */
export const lapseGraceMs = 5 * second;

/** Who has sent a card before the page lapsed may be at their bank's page: so long they are waited for. */
export const bankGraceMs = 5 * minute;

/** Delay before the next question about an unresolved call, after `checks` of them. */
export function unresolvedDelayMs(checks: number): number {
  return unresolved[checks] ?? hour;
}

/** Delay before the next look at an expired payment; undefined when it was the last. */
export function expiredDelayMs(checks: number): number | undefined {
  return afterExpiry[checks];
}

/** The next look at a payment that is open: after `delayMs`, and in any case right after its page has lapsed. */
export function openCheckAt(now: Date, expiresAt: Date, delayMs: number): Date {
  const lapse = expiresAt.getTime() + lapseGraceMs;
  const next = now.getTime() + delayMs;
  return new Date(now.getTime() < lapse ? Math.min(next, lapse) : next);
}

export function hasLapsed(now: Date, expiresAt: Date): boolean {
  return now.getTime() >= expiresAt.getTime() + lapseGraceMs;
}

/** Whether nobody pays any more: the page has lapsed, and with it the patience for a payer who may be at the bank. */
export function isGivenUp(now: Date, expiresAt: Date, isAtBank: boolean): boolean {
  return hasLapsed(now, isAtBank ? after(expiresAt, bankGraceMs) : expiresAt);
}

export function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
