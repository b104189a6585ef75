import type { DescMethod } from '@bufbuild/protobuf';
import { accessRuleOf } from '@mawid/contracts';
import type { Role } from '@mawid/service-kit';

/** Somebody who calls, by what they are to the salon and the booking of a scene. */
export const callers = [
  'nobody',
  'customer',
  'otherCustomer',
  'staff',
  'colleague',
  'foreignStaff',
  'manager',
  'foreignManager',
  'admin',
] as const;
export type Caller = (typeof callers)[number];

export const roleOf: Record<Exclude<Caller, 'nobody'>, Role> = {
  customer: 'customer',
  otherCustomer: 'customer',
  staff: 'staff',
  colleague: 'staff',
  foreignStaff: 'staff',
  manager: 'manager',
  foreignManager: 'manager',
  admin: 'admin',
};

/** Who may do something to an object, and who may know of it without that. All others are told that it does not exist. */
export interface ObjectRight {
  readonly may: readonly Caller[];
  readonly knows: readonly Caller[];
}

export type Answer = 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'NOT_FOUND' | 'let in';

/** What a caller is answered: first by the access rule in the proto, then by the right to the object. */
export function expectAnswer(method: DescMethod, right: ObjectRight, caller: Caller): Answer {
  const refusal = refuseByRule(method, caller);
  if (refusal) return refusal;
  if (right.may.includes(caller)) return 'let in';
  return right.knows.includes(caller) ? 'PERMISSION_DENIED' : 'NOT_FOUND';
}

function refuseByRule(method: DescMethod, caller: Caller): Answer | undefined {
  const rule = accessRuleOf(method);
  if (!rule) throw new Error(`${method.name} has no access rule`);
  if (rule.public) return undefined;
  if (caller === 'nobody') return 'UNAUTHENTICATED';
  return rule.signedIn || rule.roles.includes(roleOf[caller]) ? undefined : 'PERMISSION_DENIED';
}
