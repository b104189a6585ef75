import type { Policy } from './policy.ts';

/** Keys that are known to be over a limit, and until when. */
export interface RefusalMemory {
  find(policy: Policy, key: string | undefined): number | undefined;
  remember(policy: Policy, key: string, freeAt: number): void;
}

const maxKeys = 20_000;

/** What it forgets is asked for again: it only saves questions. */
export function createRefusalMemory(now: () => number): RefusalMemory {
  const ends = new Map<string, number>();
  return {
    find(policy, key) {
      if (ends.size === 0 || key === undefined) return undefined;
      const name = nameOf(policy, key);
      const freeAt = ends.get(name);
      if (freeAt === undefined || freeAt > now()) return freeAt;
      ends.delete(name);
      return undefined;
    },
    remember(policy, key, freeAt) {
      if (ends.size >= maxKeys) ends.clear();
      ends.set(nameOf(policy, key), freeAt);
    },
  };
}

function nameOf(policy: Policy, key: string): string {
  return `${policy.name} ${key}`;
}
