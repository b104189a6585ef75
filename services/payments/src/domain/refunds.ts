/** Amounts that count against what was captured: all refunds that have not failed. */
export interface Refundable {
  readonly captured: bigint;
  readonly reserved: bigint;
}

/** What can still be given back. */
export function refundableRest({ captured, reserved }: Refundable): bigint {
  return captured > reserved ? captured - reserved : 0n;
}

/** `due`, or what is left where that is less: an operator may have given back a part before. */
export function atMostRest(refundable: Refundable, due: bigint): bigint {
  const rest = refundableRest(refundable);
  return due < rest ? due : rest;
}

/** A payment's state after a refund. */
export function stateAfterRefund(captured: bigint, refunded: bigint): 'partially_refunded' | 'refunded' {
  return refunded >= captured ? 'refunded' : 'partially_refunded';
}

export interface RefundSituation {
  readonly amount: bigint;
  /** What we have recorded as given back. */
  readonly recorded: bigint;
  /** What the provider says was given back. */
  readonly provider: bigint;
  /** When our last call left; undefined when none did. */
  readonly sentAt: Date | undefined;
  readonly now: Date;
  /** Within this time the provider may still act on a call we gave up on. */
  readonly settleMs: number;
}

export type RefundStep =
  | 'send'
  /** A call whose answer was lost has acted. */
  | 'done'
  /** It may still act. */
  | 'wait'
  /** The provider's sum is one that our calls cannot explain: sending could give the money back twice. */
  | 'mismatch';

/** The provider has no idempotency for refunds: its cumulative sum is the only evidence of what a lost call did. */
export function nextRefundStep({ amount, recorded, provider, sentAt, now, settleMs }: RefundSituation): RefundStep {
  if (provider === recorded) {
    const isSettled = sentAt === undefined || now.getTime() - sentAt.getTime() >= settleMs;
    return isSettled ? 'send' : 'wait';
  }
  return sentAt !== undefined && provider - recorded === amount ? 'done' : 'mismatch';
}
