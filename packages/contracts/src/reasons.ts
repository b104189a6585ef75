import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf';
import { type AccessRule, reasons } from '../gen/mawid/options/v1/options_pb.js';
import { accessRuleOf } from './access.ts';

/** What any RPC can be refused for: what is sent may be wrong, too much or too early, and parts of the system may be away. */
const always: readonly string[] = [
  'VALIDATION_FAILED',
  'MALFORMED_REQUEST',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'INTERNAL',
  'UNIMPLEMENTED',
];

/** The reasons that a method's proto declares, in its order; none where it declares none. */
export function declaredReasonsOf(method: DescMethod): readonly string[] {
  return hasOption(method, reasons) ? getOption(method, reasons) : [];
}

/**
 * Every reason for which a method may refuse: those that it declares, those of its access rule, and those that any method can have. `rule` is for methods
 * whose rule is not in their proto.
 */
export function reasonsOf(
  method: DescMethod,
  rule: AccessRule | undefined = accessRuleOf(method),
): ReadonlySet<string> {
  return new Set([...declaredReasonsOf(method), ...accessReasonsOf(rule), ...always]);
}

function accessReasonsOf(rule: AccessRule | undefined): string[] {
  if (rule === undefined || rule.public) return [];
  return rule.signedIn ? ['UNAUTHENTICATED'] : ['UNAUTHENTICATED', 'PERMISSION_DENIED'];
}
