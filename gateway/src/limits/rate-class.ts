import { RateClass } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';

/** The classes of routes that share a limit, after `mawid.options.v1.RateClass`. */
export const rateClasses = ['read', 'write', 'sign-in', 'spend', 'provider'] as const;
export type RateClassName = (typeof rateClasses)[number];

const names: Readonly<Record<RateClass, RateClassName | undefined>> = {
  [RateClass.UNSPECIFIED]: undefined,
  [RateClass.READ]: 'read',
  [RateClass.WRITE]: 'write',
  [RateClass.SIGN_IN]: 'sign-in',
  [RateClass.SPEND]: 'spend',
  [RateClass.PROVIDER]: 'provider',
};

/** What a route counts as: what its proto says, else reading for GET and writing for everything else. */
export function rateClassOf(declared: RateClass | undefined, httpMethod: string): RateClassName {
  return names[declared ?? RateClass.UNSPECIFIED] ?? (httpMethod === 'GET' ? 'read' : 'write');
}
