export type PaymentState =
  | 'created'
  | 'unknown'
  | 'awaiting_payer'
  | 'captured'
  | 'partially_refunded'
  | 'refunded'
  | 'failed'
  | 'expired';

const moves: Record<PaymentState, readonly PaymentState[]> = {
  created: ['unknown', 'awaiting_payer', 'captured', 'failed', 'expired'],
  unknown: ['created', 'awaiting_payer', 'captured', 'failed', 'expired'],
  awaiting_payer: ['captured', 'expired'],
  // A payer who was at the bank's page when the time ran out may still pay.
  expired: ['captured'],
  failed: ['captured'],
  captured: ['partially_refunded', 'refunded'],
  partially_refunded: ['refunded'],
  refunded: [],
};

/** The states from which a payment may move to `state`: what a compare-and-set asks for. */
export function statesBefore(state: PaymentState): PaymentState[] {
  return (Object.keys(moves) as PaymentState[]).filter((from) => moves[from].includes(state));
}

/** The invoice still has to be made, or found. */
export function lacksInvoice(state: PaymentState): boolean {
  return state === 'created' || state === 'unknown';
}

export function isRefundable(state: PaymentState): boolean {
  return state === 'captured' || state === 'partially_refunded';
}
