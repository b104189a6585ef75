export type UserRole = 'customer' | 'staff' | 'manager' | 'admin';

/** A signed-in user. */
export interface User {
  readonly userId: string;
  readonly role: UserRole;
}

/** Whose booking it is. */
export interface BookingParties {
  /** Undefined for a guest. */
  readonly customerId: string | undefined;
  readonly managerId: string;
  /** Users who do one of its services. */
  readonly staffUserIds: readonly string[];
}

export type Relation = 'customer' | 'manager' | 'staff' | 'admin';

/** What the user is to the booking; undefined when it must stay unknown to them. */
export function findRelation({ userId, role }: User, parties: BookingParties): Relation | undefined {
  if (parties.customerId === userId) return 'customer';
  if (role === 'admin') return 'admin';
  if (role === 'manager' && parties.managerId === userId) return 'manager';
  const worksThere = role === 'staff' || role === 'manager';
  return worksThere && parties.staffUserIds.includes(userId) ? 'staff' : undefined;
}

/**
 * As what the user does something that only the `allowed` may do: a customer of their own salon acts for the salon where
 * customers may not. Undefined when they may not.
 */
export function findActing(user: User, parties: BookingParties, allowed: readonly Relation[]): Relation | undefined {
  const relations = [findRelation(user, parties), findRelation(user, { ...parties, customerId: undefined })];
  return relations.find((relation) => relation !== undefined && allowed.includes(relation));
}

/** Whether the user runs the salon. */
export function canManage(user: User | undefined, salon: { readonly managerId: string }): boolean {
  return user?.role === 'admin' || (user?.role === 'manager' && user.userId === salon.managerId);
}
