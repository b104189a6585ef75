import { describe, expect, it } from '@jest/globals';
import { before, bookingOf, start } from './booking.test-support.ts';
import { decideApproval, decideDecline } from './decide-approval.ts';
import { decideCheckIn, decideCompletion } from './decide-attendance.ts';
import { decideExpiry, decideLapse } from './decide-expiry.ts';
import { decideNoShow, decideNoShowUndo } from './decide-no-show.ts';
import { refuseReschedule } from './decide-reschedule.ts';

const refused = (refusal: string) => ({ refusal });

describe('decideApproval', () => {
  const now = before(10);
  const waiting = bookingOf({ state: 'pending_approval', approvalExpiresAt: before(5), amountDue: 0n, amountPaid: 0n });
  const unpaid = { ...waiting, amountDue: 10_001n };

  it('confirms what is paid at the salon', () => {
    const decision = decideApproval(waiting, { now, holdMinutes: 10 });
    expect(decision).toMatchObject({ move: 'approve', booking: { state: 'confirmed', version: 4 } });
    expect(decision).toMatchObject({ booking: { approvalExpiresAt: undefined, holdExpiresAt: undefined } });
  });

  it('holds afresh what is to be paid first', () => {
    expect(decideApproval(unpaid, { now, holdMinutes: 10 })).toMatchObject({
      move: 'approve_unpaid',
      booking: { state: 'held', holdExpiresAt: new Date(now.getTime() + 600_000), approvalExpiresAt: undefined },
    });
  });

  it('is too late from the deadline on', () => {
    const at = (moment: Date) => decideApproval(waiting, { now: moment, holdMinutes: 10 });
    expect(at(before(5, -1))).toMatchObject({ move: 'approve' });
    expect(at(before(5))).toEqual(refused('BOOKING_STATE_CONFLICT'));
  });
});

describe('decideDecline', () => {
  it('says why, or that the time ran out', () => {
    const waiting = bookingOf({ state: 'pending_approval', approvalExpiresAt: before(5) });
    const now = before(6);
    expect(decideDecline(waiting, { now, reason: 'full', isByDeadline: false })).toMatchObject({
      booking: { state: 'declined', decline: { reason: 'full', isByDeadline: false, declinedAt: now } },
    });
    expect(decideLapse(waiting, now)).toMatchObject({
      booking: { decline: { reason: '', isByDeadline: true }, approvalExpiresAt: undefined },
    });
    expect(() => decideLapse(bookingOf(), now)).toThrow('confirmed');
  });
});

describe('decideExpiry', () => {
  it('ends a hold', () => {
    const held = bookingOf({ state: 'held', holdExpiresAt: before(1) });
    expect(decideExpiry(held, before(1))).toMatchObject({
      move: 'expire',
      booking: { state: 'expired', version: 4, holdExpiresAt: undefined },
    });
    expect(() => decideExpiry(bookingOf(), before(1))).toThrow('confirmed');
  });
});

describe('decideCheckIn', () => {
  it.each([
    [before(2, -1), refused('TOO_EARLY')],
    [before(2), { booking: { state: 'checked_in', checkedInAt: before(2) } }],
    [before(-9), { booking: { state: 'checked_in' } }],
  ])('at %s', (now, expected) => expect(decideCheckIn(bookingOf(), now)).toMatchObject(expected));
});

describe('decideCompletion', () => {
  it.each([
    ['confirmed', before(0, -1), refused('TOO_EARLY')],
    ['checked_in', before(0, -1), refused('TOO_EARLY')],
    ['confirmed', start, { booking: { state: 'completed', completedAt: start } }],
    ['checked_in', start, { booking: { state: 'completed', completedAt: start } }],
    ['held', before(0, -1), refused('BOOKING_STATE_CONFLICT')],
  ] as const)('of a %s booking at %s', (state, now, expected) =>
    expect(decideCompletion(bookingOf({ state }), now)).toMatchObject(expected),
  );
});

describe('decideNoShow', () => {
  const mark = { now: start, undoMinutes: 60 };

  it.each([
    [30, 10_001n, 3_000n, 7_001n],
    [100, 10_001n, 10_001n, 0n],
    [0, 10_001n, 0n, 10_001n],
    [30, 2_000n, 2_000n, 0n],
    [100, 0n, 0n, 0n],
  ])('keeps %d %% of the total, of %d paid: %d, and gives %d back', (noShowFeePercent, paid, fee, refund) => {
    const cancellationPolicy = { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent };
    const decision = decideNoShow(bookingOf({ amountPaid: paid, amountDue: paid, cancellationPolicy }), mark);
    const undoUntil = new Date(start.getTime() + 3_600_000);
    expect(decision).toMatchObject({
      booking: { state: 'no_show', noShow: { feeAmount: fee, refundAmount: refund, markedAt: start, undoUntil } },
    });
  });

  it('waits for the start', () => {
    expect(decideNoShow(bookingOf(), { ...mark, now: before(0, -1) })).toEqual(refused('TOO_EARLY'));
  });

  it('is taken back until its time is over', () => {
    const undoUntil = before(-1);
    const noShow = { feeAmount: 1n, refundAmount: 0n, markedAt: start, undoUntil };
    const marked = bookingOf({ state: 'no_show', noShow });
    expect(decideNoShowUndo(marked, before(-1, -1))).toMatchObject({
      booking: { state: 'confirmed', noShow: undefined },
    });
    expect(decideNoShowUndo(marked, undoUntil)).toEqual(refused('UNDO_TOO_LATE'));
    expect(decideNoShowUndo(bookingOf(), start)).toEqual(refused('BOOKING_STATE_CONFLICT'));
  });
});

describe('refuseReschedule', () => {
  const held = { state: 'held', holdExpiresAt: before(30) } as const;
  const waiting = { state: 'pending_approval', approvalExpiresAt: before(30) } as const;

  it.each([
    ['customer', {}, before(24), undefined],
    ['customer', {}, before(24, 1), 'RESCHEDULE_TOO_LATE'],
    ['manager', {}, before(24, 1), undefined],
    ['admin', {}, before(0, -1), undefined],
    ['admin', {}, start, 'BOOKING_NOT_RESCHEDULABLE'],
    ['customer', held, before(30, -1), undefined],
    ['manager', held, before(30), 'BOOKING_NOT_RESCHEDULABLE'],
    ['customer', waiting, before(30, -1), undefined],
    ['manager', waiting, before(30), 'BOOKING_NOT_RESCHEDULABLE'],
    ['manager', { state: 'checked_in' }, before(1), 'BOOKING_NOT_RESCHEDULABLE'],
    ['customer', { state: 'cancelled' }, before(99), 'BOOKING_NOT_RESCHEDULABLE'],
  ] as const)('%s moves %j at %s: %s', (by, changes, now, refusal) =>
    expect(refuseReschedule(bookingOf(changes), { by, now })).toBe(refusal),
  );
});
