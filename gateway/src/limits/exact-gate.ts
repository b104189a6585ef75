import type { CallerKeys, Gate, Refused, Verdict } from './gate.ts';
import type { LimitStore } from './limit-store.ts';
import type { LocalGate } from './local-gate.ts';
import type { Policy } from './policy.ts';
import { createRefusalMemory } from './refusal-memory.ts';

export interface ExactGateOptions {
  readonly store: LimitStore;
  /** Counts along: for what is left, and for `failsOpen`. */
  readonly local: LocalGate;
  /** Whether this replica's own count decides while the store does not answer. Otherwise nothing is let through. */
  readonly failsOpen: boolean;
  now(): number;
}

interface Taken {
  readonly policy: Policy;
  readonly sequence: number;
}

/** Decides by the store, which counts for all replicas. A refusal is remembered until it ends, so that a flood costs nothing. */
export function createExactGate({ store, local, failsOpen, now }: ExactGateOptions): Gate {
  const { policies } = local;
  const refusals = createRefusalMemory(now);

  function findRefusal(keys: CallerKeys): Refused | undefined {
    for (const policy of policies) {
      const freeAt = refusals.find(policy, keys[policy.kind]);
      if (freeAt !== undefined) return { kind: 'refused', policy, freeAt };
    }
    return undefined;
  }

  function giveBack(taken: readonly Taken[]): void {
    for (const { policy, sequence } of taken) store.giveBack(policy, sequence);
  }

  // One after the other: two requests must not each take what the other one needs.
  async function takeAll(keys: CallerKeys): Promise<Verdict> {
    const taken: Taken[] = [];
    for (const policy of policies) {
      const key = keys[policy.kind];
      if (key === undefined) continue;
      const taking = await store.take(policy, key);
      if (taking.kind === 'taken') {
        taken.push({ policy, sequence: taking.sequence });
        continue;
      }
      giveBack(taken);
      if (taking.kind === 'unknown') return failsOpen ? local.take(keys) : { kind: 'closed' };
      refusals.remember(policy, key, taking.freeAt);
      return { kind: 'refused', policy, freeAt: taking.freeAt };
    }
    return local.record(keys);
  }

  return { policies, findRefusal, take: (keys) => findRefusal(keys) ?? takeAll(keys) };
}
