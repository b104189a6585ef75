import { describe, expect, it } from '@jest/globals';
import type { UserRole } from './booking-rights.ts';
import { decideEntry, isTooLateToEnter, type Standing, toStartRules } from './decide-entry.ts';

const salon = { managerId: 'm' };
const standing = (role: UserRole, userId: string, ownStaffIds: string[] = []): Standing => ({
  ...{ user: { userId, role }, salon, ownStaffIds },
});
const any = [{ serviceId: 'cut' }];
const byTwo = [
  { serviceId: 'cut', staffId: 's1' },
  { serviceId: 'cut', staffId: 's2' },
];

describe('decideEntry', () => {
  it('lets the manager and admins enter everything', () => {
    for (const isOverridden of [false, true]) {
      const entry = { wanted: byTwo, isOverridden };
      expect(decideEntry(entry, standing('manager', 'm'))?.actor).toEqual({ userId: 'm', kind: 'manager' });
      expect(decideEntry(entry, standing('admin', 'a'))?.actor).toEqual({ userId: 'a', kind: 'admin' });
      expect(decideEntry(entry, standing('manager', 'other'))).toBeUndefined();
    }
  });

  it('lets staff enter what they do themselves, and makes "any" them', () => {
    const entry = (wanted: typeof any, isOverridden = false) => ({ wanted, isOverridden });
    expect(decideEntry(entry(any), standing('staff', 'u', ['s1']))).toEqual({
      actor: { userId: 'u', kind: 'staff' },
      wanted: [{ serviceId: 'cut', staffId: 's1' }],
    });
    expect(decideEntry(entry(byTwo), standing('staff', 'u', ['s1']))).toBeUndefined();
    expect(decideEntry(entry(byTwo), standing('staff', 'u', ['s1', 's2']))?.wanted).toEqual(byTwo);
    expect(decideEntry(entry(any, true), standing('staff', 'u', ['s1']))).toBeUndefined();
    // A manager elsewhere who works here.
    expect(decideEntry(entry(any), standing('manager', 'u', ['s1']))?.actor.kind).toBe('staff');
  });

  it('lets nobody else', () => {
    const entry = { wanted: any, isOverridden: false };
    expect(decideEntry(entry, standing('staff', 'u'))).toBeUndefined();
    expect(decideEntry(entry, standing('customer', 'u'))).toBeUndefined();
    // The link to the salon's page is left, the role is not.
    expect(decideEntry(entry, standing('customer', 'u', ['s1']))).toBeUndefined();
  });
});

describe('toStartRules', () => {
  it('sets aside as much as each needs', () => {
    expect(toStartRules({ source: 'customer', isOverridden: false })).toEqual({});
    expect(toStartRules({ source: 'salon', isOverridden: false })).toEqual({});
    expect(toStartRules({ source: 'walk_in', isOverridden: false })).toEqual({
      ignoresNotice: true,
      ignoresGrid: true,
    });
    expect(toStartRules({ source: 'salon', isOverridden: true }).ignoresHours).toBe(true);
  });
});

describe('isTooLateToEnter', () => {
  it('is about walk-ins of more than an hour ago', () => {
    const hour = 3_600_000;
    const walkIn = { source: 'walk_in', isOverridden: false, startAt: 0 } as const;
    expect([hour, hour + 1].map((now) => isTooLateToEnter(walkIn, now))).toEqual([false, true]);
    expect(isTooLateToEnter({ ...walkIn, isOverridden: true }, 2 * hour)).toBe(false);
    expect(isTooLateToEnter({ ...walkIn, source: 'salon' }, 2 * hour)).toBe(false);
  });
});
