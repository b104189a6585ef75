import type { Actor, BookingSource } from './booking.ts';
import { canManage, type User } from './booking-rights.ts';
import { overrideRules, type StartRules, walkInRules } from './decide-start.ts';
import { minuteMs } from './local-days.ts';
import type { WantedItem } from './plan-visit.ts';

/** What the salon's people want to enter. */
export interface Entry {
  readonly wanted: readonly WantedItem[];
  readonly isOverridden: boolean;
}

/** What the caller is to the salon. */
export interface Standing {
  readonly user: User;
  readonly salon: { readonly managerId: string };
  /** As which of its active staff they work there. */
  readonly ownStaffIds: readonly string[];
}

/** Who enters it, and what is wanted then; undefined when they may not. */
export interface AllowedEntry {
  readonly actor: Actor;
  readonly wanted: readonly WantedItem[];
}

/** The salon's manager and admins enter everything; staff what they do themselves, by the salon's rules. */
export function decideEntry({ wanted, isOverridden }: Entry, standing: Standing): AllowedEntry | undefined {
  const { user, salon, ownStaffIds } = standing;
  if (canManage(user, salon)) return { actor: { userId: user.userId, kind: toKind(user) }, wanted };
  const [ownId] = ownStaffIds;
  const isOwn = wanted.every(({ staffId }) => staffId === undefined || ownStaffIds.includes(staffId));
  if (user.role === 'customer' || ownId === undefined || !isOwn || isOverridden) return undefined;
  const own = wanted.map((item) => ({ ...item, staffId: item.staffId ?? ownId }));
  return { actor: { userId: user.userId, kind: 'staff' }, wanted: own };
}

function toKind({ role }: User): 'admin' | 'manager' {
  return role === 'admin' ? 'admin' : 'manager';
}

/** Which of the salon's rules count for a booking. */
export function toStartRules({ source, isOverridden }: { source: BookingSource; isOverridden: boolean }): StartRules {
  if (isOverridden) return overrideRules;
  return source === 'walk_in' ? walkInRules : {};
}

const walkInMinutes = 60;

/** Whoever is written down as a walk-in came in the last hour. */
export function isTooLateToEnter(
  { source, isOverridden, startAt }: { source: BookingSource; isOverridden: boolean; startAt: number },
  now: number,
): boolean {
  return source === 'walk_in' && !isOverridden && startAt < now - walkInMinutes * minuteMs;
}
