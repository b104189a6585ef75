import type { AccessRule } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';

/** Who is asking, as far as the edge knows. */
export interface Principal {
  readonly role: string;
  /** The language the user chose, from the token. */
  readonly locale: string | undefined;
  readonly userId: string | undefined;
  /** When the token ends, epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/** What the edge makes of a caller and a method's rule. Rules on single objects are the services'. */
export type AccessDecision = 'allowed' | 'unauthenticated' | 'denied';

/** Whether anybody but another service may call; methods for services alone get no route. */
export function isRoutable(rule: AccessRule): boolean {
  return rule.public || rule.signedIn || rule.roles.length > 0;
}

export function decideAccess(rule: AccessRule, principal: Principal | undefined): AccessDecision {
  if (rule.public) return 'allowed';
  if (principal === undefined) return 'unauthenticated';
  return rule.signedIn || rule.roles.includes(principal.role) ? 'allowed' : 'denied';
}
