import { type DescMethod, getOption } from '@bufbuild/protobuf';
import { critical } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';

const known = new WeakMap<DescMethod, boolean>();

/** True for methods with `(mawid.options.v1.critical) = true`: they are answered even in an overload. */
export function isCritical(method: DescMethod): boolean {
  let answer = known.get(method);
  if (answer === undefined) {
    // Options are read from the descriptor's bytes.
    answer = getOption(method, critical);
    known.set(method, answer);
  }
  return answer;
}

/** True for health and reflection, which no gate looks at: a process that is busy is still there. */
export function isStandard(method: DescMethod): boolean {
  return method.parent.typeName.startsWith('grpc.');
}
