import { Refusal } from '../problem/refusal.ts';

/** The type of server-sent events. */
export const eventStream = 'text/event-stream';

const ranges = [eventStream, 'text/*', '*/*'];

/** Throws the refusal 406 where an Accept header wants none of what a stream can be; without the header everything is wanted (RFC 9110 §12.5.1). */
export function assertAcceptsEvents(accept: string | undefined): void {
  if (accept === undefined || accept.split(',').some(isEventRange)) return;
  throw new Refusal('NOT_ACCEPTABLE', { status: 406, metadata: { accept: eventStream } });
}

function isEventRange(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  return ranges.includes(type) && !parameters.some((each) => /^q=0(?:\.0*)?$/.test(each));
}
