import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf';
import { type AccessRule, access, type RestOptions, rest } from '../gen/mawid/options/v1/options_pb.js';

/** Who may call a method, or undefined when its proto says nothing (such a method must not be served). */
export function accessRuleOf(method: DescMethod): AccessRule | undefined {
  return hasOption(method, access) ? getOption(method, access) : undefined;
}

/** How REST answers a method, or undefined when its proto says nothing. */
export function restOptionsOf(method: DescMethod): RestOptions | undefined {
  return hasOption(method, rest) ? getOption(method, rest) : undefined;
}
