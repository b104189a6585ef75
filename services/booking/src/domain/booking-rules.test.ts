import { describe, expect, it } from '@jest/globals';
import type { Booking } from './booking.ts';
import { canManage, findRelation } from './booking-rights.ts';
import { bookingMoves, bookingStates, findNextState, isClaiming } from './booking-state.ts';
import { decideCancellation, toCancellationFee } from './decide-cancellation.ts';
import { decideExpiry } from './decide-expiry.ts';
import { decidePayment } from './decide-payment.ts';
import { isEtagMatch } from './etag.ts';

const hour = 3_600_000;
const start = new Date('2026-11-23T12:00:00Z');
const before = (hours: number, ms = 0) => new Date(start.getTime() - hours * hour + ms);

function bookingOf(changes: Partial<Booking> = {}): Booking {
  return {
    id: 'b',
    salonId: 's',
    customerId: 'c',
    state: 'confirmed',
    startAt: start,
    endAt: new Date(start.getTime() + hour),
    items: [],
    totalAmount: 10_001n,
    amountDue: 10_001n,
    amountPaid: 10_001n,
    currency: 'SAR',
    paymentPolicy: 'in_advance',
    cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50 },
    paymentId: 'p',
    customerNote: '',
    salonName: { ar: 'ص', en: 's' },
    timeZone: 'Asia/Riyadh',
    version: 3,
    createdAt: before(100),
    updatedAt: before(100),
    ...changes,
  };
}

describe('findNextState', () => {
  it('allows these moves and no others', () => {
    const table = bookingStates.map((state) => bookingMoves.map((move) => findNextState(state, move) ?? '-').join(' '));
    expect(Object.fromEntries(bookingStates.map((state, index) => [state, table[index]]))).toEqual({
      held: 'confirmed cancelled expired',
      confirmed: '- cancelled -',
      cancelled: '- - -',
      expired: 'confirmed - -',
    });
  });

  it('claims time in held and confirmed only', () => {
    expect(bookingStates.filter(isClaiming)).toEqual(['held', 'confirmed']);
  });
});

describe('toCancellationFee', () => {
  it.each([
    ['customer', 25, 0, 50, 10_001n, 0n],
    ['customer', 24, 0, 50, 10_001n, 0n],
    ['customer', 24, 1, 50, 10_001n, 5_000n],
    ['customer', 1, 0, 50, 10_001n, 5_000n],
    ['customer', 1, 0, 100, 10_001n, 10_001n],
    ['customer', 1, 0, 0, 10_001n, 0n],
    ['customer', 1, 0, 50, 0n, 0n],
    ['customer', 1, 0, 50, 3_000n, 3_000n],
    ['salon', 1, 0, 50, 10_001n, 0n],
    ['operator', 1, 0, 50, 10_001n, 0n],
  ] as const)('%s, %d h (and %d ms late), %d %%, paid %d: keeps %d', (cancelledBy, hours, ms, percent, paid, fee) => {
    const booking = bookingOf({
      amountPaid: paid,
      cancellationPolicy: { freeUntilHours: 24, lateFeePercent: percent },
    });
    expect(toCancellationFee(booking, { cancelledBy, now: before(hours, ms) })).toBe(fee);
  });
});

describe('decideCancellation', () => {
  const request = { cancelledBy: 'customer', reason: 'ill', now: before(2) } as const;

  it('keeps the fee and gives the rest back', () => {
    const cancelled = decideCancellation(bookingOf(), request);
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      version: 4,
      cancellation: { feeAmount: 5_000n, refundAmount: 5_001n, reason: 'ill' },
    });
  });

  it('forgets the end of a hold', () => {
    const held = bookingOf({ state: 'held', holdExpiresAt: before(1), amountPaid: 0n, paymentId: undefined });
    expect(decideCancellation(held, request)).toMatchObject({ state: 'cancelled', holdExpiresAt: undefined });
  });

  it.each([
    ['one that has started', bookingOf({ startAt: before(2) })],
    ['a cancelled one', bookingOf({ state: 'cancelled' })],
    ['an expired one', bookingOf({ state: 'expired' })],
  ])('does not cancel %s', (_, booking) => expect(decideCancellation(booking, request)).toBeUndefined());
});

describe('decidePayment', () => {
  const payment = { id: 'p1', amount: 10_001n, currency: 'SAR' };
  const held = bookingOf({ state: 'held', amountPaid: 0n, paymentId: undefined, holdExpiresAt: before(1) });
  const now = before(2);

  it.each([
    ['in time', held, payment, now],
    ['after its hold, before its start', held, payment, before(0.5)],
    ['after it has expired', bookingOf({ ...held, state: 'expired', holdExpiresAt: undefined }), payment, now],
  ])('confirms a booking paid %s', (_, booking, paid, at) => {
    expect(decidePayment(booking, paid, at)).toMatchObject({
      confirm: { state: 'confirmed', amountPaid: 10_001n, paymentId: 'p1', version: 4, holdExpiresAt: undefined },
    });
  });

  it('knows the payment that has confirmed it', () => {
    expect(decidePayment(bookingOf({ paymentId: 'p1' }), payment, now)).toBe('known');
  });

  it.each([
    ['of too much', held, { ...payment, amount: 10_002n }, now],
    ['of too little', held, { ...payment, amount: 1n }, now],
    ['in another currency', held, { ...payment, currency: 'USD' }, now],
    ['for a confirmed booking', bookingOf(), payment, now],
    ['for a cancelled booking', bookingOf({ state: 'cancelled', paymentId: undefined }), payment, now],
    ['after hold and start', held, payment, before(-1)],
  ])('cannot use a payment %s', (_, booking, paid, at) => expect(decidePayment(booking, paid, at)).toBe('unusable'));
});

describe('decideExpiry', () => {
  it('ends a hold', () => {
    const held = bookingOf({ state: 'held', holdExpiresAt: before(1) });
    expect(decideExpiry(held, before(1))).toMatchObject({ state: 'expired', version: 4, holdExpiresAt: undefined });
    expect(() => decideExpiry(bookingOf(), before(1))).toThrow('confirmed');
  });
});

describe('findRelation', () => {
  const parties = { customerId: 'c', managerId: 'm', staffUserIds: ['t'] };
  it.each([
    ['c', 'customer', 'customer'],
    ['c', 'manager', 'customer'],
    ['m', 'manager', 'manager'],
    ['m', 'customer', undefined],
    ['t', 'staff', 'staff'],
    ['t', 'manager', 'staff'],
    ['t', 'customer', undefined],
    ['a', 'admin', 'admin'],
    ['x', 'customer', undefined],
    ['x', 'staff', undefined],
    ['x', 'manager', undefined],
  ] as const)('%s as %s is %s', (userId, role, relation) =>
    expect(findRelation({ userId, role }, parties)).toBe(relation),
  );

  it('lets managers run their own salon and admins all', () => {
    const users = [undefined, { userId: 'm', role: 'manager' }, { userId: 'm', role: 'staff' }] as const;
    const others = [
      { userId: 'x', role: 'manager' },
      { userId: 'x', role: 'admin' },
    ] as const;
    expect([...users, ...others].map((user) => canManage(user, { managerId: 'm' }))).toEqual([
      ...[false, true, false],
      ...[false, true],
    ]);
  });
});

describe('isEtagMatch', () => {
  it.each([
    ['"v3"', true],
    ['v3', true],
    ['W/"v3"', false],
    ['"v1", W/"v3"', false],
    ['W/"v3", "v3"', true],
    ['"v1", "v3"', true],
    ['"v1,v3"', false],
    ['*', true],
    ['"*"', false],
    ['w/"v3"', false],
    ['"v1" , "v3" ,', true],
    ['"v2"', false],
    ['"v33"', false],
    ['', false],
  ])('%s', (header, expected) => expect(isEtagMatch(header, 3)).toBe(expected));
});
