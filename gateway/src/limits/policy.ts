import type { RateClassName } from './rate-class.ts';

/** Whom a limit is for: one signed-in user, or one network address. */
export const limitKinds = ['user', 'address'] as const;
export type LimitKind = (typeof limitKinds)[number];

/** So many requests in any span of so long. */
export interface Rate {
  readonly limit: number;
  /** Whole seconds. */
  readonly windowSeconds: number;
}

/** The limits of one class; a kind that is absent has none. */
export type ClassRates = Readonly<Partial<Record<LimitKind, Rate>>>;

/** One limit, as the RateLimit fields and the metrics name it. */
export interface Policy extends Rate {
  /** `spend-user` */
  readonly name: string;
  readonly rateClass: RateClassName;
  readonly kind: LimitKind;
}

/** The policies of a class, the user's first. */
export function policiesOf(rateClass: RateClassName, rates: ClassRates): Policy[] {
  return limitKinds.flatMap((kind) => {
    const rate = rates[kind];
    return rate === undefined ? [] : [{ ...rate, name: `${rateClass}-${kind}`, rateClass, kind }];
  });
}
