import { describe, expect, it } from '@jest/globals';
import { isRefundable, lacksInvoice, type PaymentState, statesBefore } from './payment-state.ts';

const all: PaymentState[] = [
  'created',
  'unknown',
  'awaiting_payer',
  'captured',
  'partially_refunded',
  'refunded',
  'failed',
  'expired',
];

describe('PaymentState', () => {
  it.each<[PaymentState, PaymentState[]]>([
    ['captured', ['created', 'unknown', 'awaiting_payer', 'failed', 'expired']],
    ['awaiting_payer', ['created', 'unknown']],
    ['expired', ['created', 'unknown', 'awaiting_payer']],
    ['failed', ['created', 'unknown']],
    ['partially_refunded', ['captured']],
    ['refunded', ['captured', 'partially_refunded']],
  ])('is reached: %s from %j', (state, before) => {
    expect(statesBefore(state).sort()).toEqual([...before].sort());
  });

  it('never leaves money that was taken but by refunds', () => {
    const backwards = all.filter((state) => statesBefore(state).some(isRefundable));
    expect(backwards).toEqual(['partially_refunded', 'refunded']);
  });

  it('lacks its invoice in two states', () => {
    expect(all.filter(lacksInvoice)).toEqual(['created', 'unknown']);
  });
});
