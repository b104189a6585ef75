import { Refusal } from '../problem/refusal.ts';

/** The type of server-sent events. */
export const eventStream = 'text/event-stream';

/** From the vaguest to the most specific, which has the say. */
const ranges = ['*/*', 'text/*', eventStream];

/** Throws the refusal 406 where an Accept header wants none of what a stream can be; without the header everything is wanted (RFC 9110 §12.5.1). */
export function assertAcceptsEvents(accept: string | undefined): void {
  if (accept === undefined || wantsEvents(accept)) return;
  throw new Refusal('NOT_ACCEPTABLE', { status: 406, metadata: { accept: eventStream } });
}

function wantsEvents(accept: string): boolean {
  let most = -1;
  let isWanted = false;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const rank = ranges.indexOf(type);
    if (rank < 0 || rank < most) continue;
    const isWelcome = !parameters.some((each) => /^q=0(?:\.0*)?$/.test(each));
    // Twice the same range, once refused: one welcome is enough.
    isWanted = rank === most ? isWanted || isWelcome : isWelcome;
    most = rank;
  }
  return isWanted;
}
