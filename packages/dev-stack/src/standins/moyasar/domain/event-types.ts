/** What a webhook can ask for. `payment_faild` is the spelling of the provider's own event table. */
export const availableEvents = [
  'payment_paid',
  'payment_failed',
  'payment_faild',
  'payment_voided',
  'payment_authorized',
  'payment_captured',
  'payment_refunded',
] as const;
