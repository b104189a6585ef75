/** Epoch milliseconds, or Infinity for a call that may last. */
export type Deadline = number;

const deadlines = new WeakMap<AbortSignal, Deadline>();

/** Ties a handler's signal to the deadline of its call, so that calls made with that signal inherit it. */
export function rememberDeadline(signal: AbortSignal, deadline: Deadline): void {
  if (deadline !== Number.POSITIVE_INFINITY) deadlines.set(signal, deadline);
}

/** The deadline of the call whose handler context has this signal; undefined for any other signal. */
export function deadlineOf(signal: AbortSignal | undefined): Deadline | undefined {
  return signal === undefined ? undefined : deadlines.get(signal);
}

/** What is left, and never 0: Connect's clients take 0 for "no deadline". */
export function remainingMs(deadline: Deadline): number {
  return deadline - Date.now() || -1;
}

export interface DeadlineLimits {
  /** Given to calls whose caller set none. */
  defaultMs: number;
  /** No call may take longer, whatever its caller asked for. */
  maxMs: number;
}

/**
 * The deadline a server holds a call to. A call that streams answers (server-streaming, bidi) may last as long as its
 * caller wishes, so limits do not apply to it.
 */
export function serverDeadline(sent: Deadline | undefined, streamsAnswers: boolean, limits: DeadlineLimits): Deadline {
  if (streamsAnswers) return sent ?? Number.POSITIVE_INFINITY;
  const now = Date.now();
  return sent === undefined ? now + limits.defaultMs : Math.min(sent, now + limits.maxMs);
}

/**
 * The deadline of an outgoing call: the caller's own timeout or the default, and never later than that of the call on
 * whose behalf it is made (known by its signal). A timeout of 0 asks for none, which only calls that stream answers get.
 */
export function clientDeadline(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  rules: { defaultMs: number; mayLast: boolean },
): Deadline {
  const inherited = deadlineOf(signal) ?? Number.POSITIVE_INFINITY;
  if (timeoutMs === 0 && rules.mayLast) return inherited;
  return Math.min(inherited, Date.now() + (timeoutMs || rules.defaultMs));
}
