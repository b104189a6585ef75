import { describe, expect, it } from '@jest/globals';
import { before, bookingOf } from './booking.test-support.ts';
import { canManage, findActing, findRelation } from './booking-rights.ts';
import { decideCancellation, quoteCancellation, toCancellationFee } from './decide-cancellation.ts';
import { decidePayment } from './decide-payment.ts';
import { isEtagMatch } from './etag.ts';

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
      cancellationPolicy: { freeUntilHours: 24, lateFeePercent: percent, noShowFeePercent: 100 },
    });
    expect(toCancellationFee(booking, { cancelledBy, now: before(hours, ms) })).toBe(fee);
  });
});

describe('decideCancellation', () => {
  const request = { cancelledBy: 'customer', reason: 'ill', now: before(2) } as const;

  it('keeps the fee and gives the rest back', () => {
    const cancelled = decideCancellation(bookingOf(), request);
    expect(cancelled).toMatchObject({
      move: 'cancel',
      booking: {
        ...{ state: 'cancelled', version: 4 },
        cancellation: { feeAmount: 5_000n, refundAmount: 5_001n, reason: 'ill' },
      },
    });
  });

  it('keeps what was quoted', () => {
    const quote = { feeAmount: 1n, refundAmount: 10_000n };
    expect(decideCancellation(bookingOf(), { ...request, quote })).toMatchObject({ booking: { cancellation: quote } });
  });

  it('forgets the end of a hold', () => {
    const held = bookingOf({ state: 'held', holdExpiresAt: before(1), amountPaid: 0n, paymentId: undefined });
    expect(decideCancellation(held, request)).toMatchObject({
      booking: { state: 'cancelled', holdExpiresAt: undefined },
    });
  });

  it.each([
    ['one that has started', bookingOf({ startAt: before(2) })],
    ['a cancelled one', bookingOf({ state: 'cancelled' })],
    ['an expired one', bookingOf({ state: 'expired' })],
  ])('does not cancel %s', (_, booking) => {
    expect(decideCancellation(booking, request)).toEqual({ refusal: 'BOOKING_NOT_CANCELLABLE' });
    expect(quoteCancellation(booking, request)).toBeUndefined();
  });
});

describe('quoteCancellation', () => {
  const policy = { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 };

  it.each([
    ['customer', before(25), {}, 0n, before(24)],
    ['customer', before(24), {}, 0n, before(24)],
    ['customer', before(24, 1), {}, 5_000n, undefined],
    ['salon', before(25), {}, 0n, undefined],
    ['operator', before(1), {}, 0n, undefined],
    ['customer', before(25), { cancellationPolicy: { ...policy, lateFeePercent: 0 } }, 0n, undefined],
    ['customer', before(25), { cancellationPolicy: { ...policy, freeUntilHours: 0 } }, 0n, undefined],
    ['customer', before(25), { amountDue: 0n, amountPaid: 0n }, 0n, undefined],
  ] as const)('%s at %s with %j: keeps %d, free until %s', (cancelledBy, now, changes, feeAmount, freeUntil) => {
    const booking = bookingOf(changes);
    const refundAmount = booking.amountPaid - feeAmount;
    const quote = quoteCancellation(booking, { cancelledBy, now });
    expect(quote).toMatchObject({ feeAmount, refundAmount });
    expect(quote?.freeUntil).toEqual(freeUntil);
  });

  it('is good for ten minutes, and not beyond the start', () => {
    const until = (now: Date) => quoteCancellation(bookingOf(), { cancelledBy: 'customer', now })?.validUntil;
    expect(until(before(1))).toEqual(before(1, 600_000));
    expect(until(before(0, -1))).toEqual(before(0));
  });
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

  it.each([
    ['c', 'customer', undefined],
    ['m', 'manager', 'manager'],
    ['t', 'staff', undefined],
    ['x', 'customer', undefined],
  ] as const)('%s as %s acts for the salon as %s', (userId, role, acting) =>
    expect(findActing({ userId, role }, parties, ['manager', 'admin'])).toBe(acting),
  );

  it('lets a manager act for their own salon on a booking of their own, but cancel it as a customer', () => {
    const own = { ...parties, customerId: 'm' };
    const user = { userId: 'm', role: 'manager' } as const;
    expect(findActing(user, own, ['manager', 'admin'])).toBe('manager');
    expect(findActing(user, own, ['manager', 'admin', 'customer'])).toBe('customer');
  });

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
