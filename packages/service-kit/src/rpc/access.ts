import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { accessRuleOf } from '@mawid/contracts';
import { refuse } from '../errors/refuse.ts';
import { StartupError } from '../errors/startup-error.ts';
import type { Caller } from './caller.ts';

type AccessRule = NonNullable<ReturnType<typeof accessRuleOf>>;

/** Throws StartupError when a method has no access rule, or one that lets nobody in. */
export function assertEveryMethodHasRule(services: readonly DescService[]): void {
  const closed = services.flatMap((service) => service.methods).filter((method) => !opens(accessRuleOf(method)));
  if (closed.length === 0) return;
  const names = closed.map((method) => `${method.parent.typeName}/${method.name}`);
  throw new StartupError(`no access rule for ${names.join(', ')}`);
}

/** Throws UNAUTHENTICATED or PERMISSION_DENIED unless the method's rule lets the caller in. */
export function assertAllowed(method: DescMethod, caller: Caller): void {
  const rule = accessRuleOf(method);
  if (!rule || !opens(rule)) throw refuse('PERMISSION_DENIED');
  if (rule.public || isAllowedUser(rule, caller) || isAllowedPeer(rule, caller)) return;
  const needsUser = rule.signedIn || rule.roles.length > 0;
  throw refuse(caller.userId === undefined && needsUser ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED');
}

/** True when no token is needed to be let in. */
export function isPublic(method: DescMethod): boolean {
  return accessRuleOf(method)?.public === true;
}

function opens(rule: AccessRule | undefined): boolean {
  return rule !== undefined && (rule.public || rule.signedIn || rule.roles.length > 0 || rule.services.length > 0);
}

function isAllowedUser(rule: AccessRule, { userId, role }: Caller): boolean {
  return userId !== undefined && (rule.signedIn || (role !== undefined && rule.roles.includes(role)));
}

function isAllowedPeer(rule: AccessRule, { peer }: Caller): boolean {
  return peer !== undefined && rule.services.includes(peer);
}
