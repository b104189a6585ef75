import { describe, expect, it } from '@jest/globals';
import { type Charge, type ChargedPayment, type ChargeVerdict, judgeCharge } from './judge-charge.ts';

const payment: ChargedPayment = { state: 'awaiting_payer', amount: 11_500n, currency: 'SAR', providerPaymentId: null };
const charge: Charge = {
  id: 'charge-1',
  invoiceId: 'invoice-1',
  paymentId: undefined,
  status: 'charged',
  currency: 'SAR',
  charged: 11_500n,
  refunded: 0n,
  declineReason: undefined,
  chargedAt: undefined,
  refundedAt: undefined,
};

describe('judgeCharge', () => {
  it.each<[string, Partial<ChargedPayment>, Partial<Charge>, ChargeVerdict]>([
    ['captures the exact amount', {}, {}, 'capture'],
    ['captures what comes after the page lapsed', { state: 'expired' }, {}, 'capture'],
    ['captures although the invoice was given up', { state: 'failed' }, {}, 'capture'],
    ['flags a halala too little', {}, { charged: 11_499n }, 'amount_mismatch'],
    ['flags a halala too much', {}, { charged: 11_501n }, 'amount_mismatch'],
    ['flags what was given back before it was known', {}, { refunded: 11_500n }, 'amount_mismatch'],
    ['flags what was given back in part before it was known', {}, { refunded: 1n }, 'amount_mismatch'],
    ['flags another currency', {}, { currency: 'KWD' }, 'amount_mismatch'],
    ['knows what it has captured', { state: 'captured', providerPaymentId: 'charge-1' }, {}, 'known'],
    ['knows it after a refund, too', { state: 'refunded', providerPaymentId: 'charge-1' }, {}, 'known'],
    ['flags a second charge', { state: 'captured', providerPaymentId: 'charge-0' }, {}, 'charged_twice'],
    ['leaves a declined one to the payer', {}, { status: 'declined' }, 'declined'],
    ['waits for a pending one', {}, { status: 'pending' }, 'nothing'],
    ['takes nothing from a voided one', {}, { status: 'voided' }, 'nothing'],
  ])('%s', (_, changedPayment, changedCharge, verdict) => {
    expect(judgeCharge({ ...payment, ...changedPayment }, { ...charge, ...changedCharge })).toBe(verdict);
  });
});
