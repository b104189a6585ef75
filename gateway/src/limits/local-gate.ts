import type { CounterTable } from './counter-table.ts';
import type { CallerKeys, Gate, Refused, Verdict } from './gate.ts';
import { secondsUntil } from './limit-headers.ts';

export interface LocalGateOptions {
  readonly tables: readonly CounterTable[];
  now(): number;
  /** Tells the other replicas. */
  tell(policy: string, key: string, uses: number): void;
}

/** A gate that counts in this process. */
export interface LocalGate extends Gate {
  take(keys: CallerKeys): Verdict;
  /** Counts what somebody else let through. */
  record(keys: CallerKeys): Verdict;
}

/** Decides by what this replica counted and was told of: nobody is asked, and nobody waits. */
export function createLocalGate({ tables, now, tell }: LocalGateOptions): LocalGate {
  function findRefusal(keys: CallerKeys): Refused | undefined {
    const time = now();
    let refused: Refused | undefined;
    for (const table of tables) {
      const key = keys[table.policy.kind];
      if (key === undefined || table.used(key, time) < table.policy.limit) continue;
      const freeAt = table.freeAt(key, time);
      if (refused === undefined || freeAt > refused.freeAt) refused = { kind: 'refused', policy: table.policy, freeAt };
    }
    return refused;
  }

  function record(keys: CallerKeys): Verdict {
    const time = now();
    const standings = [];
    for (const table of tables) {
      const { policy } = table;
      const key = keys[policy.kind];
      if (key === undefined) continue;
      const news = table.add(key, time);
      if (news > 0) tell(policy.name, key, news);
      const remaining = Math.max(0, policy.limit - table.used(key, time));
      const resetSeconds = Math.min(policy.windowSeconds, secondsUntil(table.freeAt(key, time), time));
      standings.push({ policy, remaining, resetSeconds });
    }
    return { kind: 'taken', standings };
  }

  return {
    policies: tables.map((table) => table.policy),
    findRefusal,
    record,
    take: (keys) => findRefusal(keys) ?? record(keys),
  };
}
