import { describe, expect, it } from '@jest/globals';
import { atMostRest, nextRefundStep, type RefundStep, refundableRest, stateAfterRefund } from './refunds.ts';

const now = new Date('2026-11-22T18:30:00Z');
const situation = { amount: 500n, recorded: 1_000n, provider: 1_000n, sentAt: undefined, now, settleMs: 60_000 };
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

describe('refundableRest', () => {
  it('is what was captured less what is reserved', () => {
    expect(refundableRest({ captured: 11_500n, reserved: 1_500n })).toBe(10_000n);
    expect(refundableRest({ captured: 11_500n, reserved: 11_500n })).toBe(0n);
  });
});

describe('atMostRest', () => {
  it('gives what is due, or what is left', () => {
    expect(atMostRest({ captured: 11_500n, reserved: 0n }, 11_500n)).toBe(11_500n);
    expect(atMostRest({ captured: 11_500n, reserved: 1_500n }, 11_500n)).toBe(10_000n);
    expect(atMostRest({ captured: 11_500n, reserved: 11_500n }, 1n)).toBe(0n);
  });
});

describe('stateAfterRefund', () => {
  it('is refunded with the last halala only', () => {
    expect(stateAfterRefund(11_500n, 11_499n)).toBe('partially_refunded');
    expect(stateAfterRefund(11_500n, 11_500n)).toBe('refunded');
  });
});

describe('nextRefundStep', () => {
  it.each<[string, Partial<typeof situation> & { sentAt?: Date | undefined }, RefundStep]>([
    ['sends what was never sent', {}, 'send'],
    ['waits while a lost call may still act', { sentAt: secondsAgo(59) as never }, 'wait'],
    ['sends again once a lost call can no longer act', { sentAt: secondsAgo(60) as never }, 'send'],
    ['recognises that a lost call has acted', { sentAt: secondsAgo(1) as never, provider: 1_500n }, 'done'],
    ['does not take a foreign refund for its own', { provider: 1_500n }, 'mismatch'],
    ['stops when the sum fits no call of ours', { sentAt: secondsAgo(1) as never, provider: 1_400n }, 'mismatch'],
    ['stops when the provider knows of less', { sentAt: secondsAgo(90) as never, provider: 0n }, 'mismatch'],
  ])('%s', (_, changes, step) => {
    expect(nextRefundStep({ ...situation, ...changes })).toBe(step);
  });
});
