import type { Standing } from './limit-headers.ts';
import type { LimitKind, Policy } from './policy.ts';

/** Under which keys a request is counted; a kind without a key is not. */
export type CallerKeys = Readonly<Partial<Record<LimitKind, string>>>;

export interface Refused {
  readonly kind: 'refused';
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly freeAt: number;
}

/** `closed` is a refusal because nobody can tell. */
export type Verdict =
  | Refused
  | { readonly kind: 'taken'; readonly standings: readonly Standing[] }
  | { readonly kind: 'closed' };

/** Where requests of one class are counted. */
export interface Gate {
  readonly policies: readonly Policy[];
  /** A refusal that is known without asking anybody. Counts nothing. */
  findRefusal(keys: CallerKeys): Refused | undefined;
  /** Counts a request under all keys, or under none and says why. Never rejects. */
  take(keys: CallerKeys): Verdict | Promise<Verdict>;
}
