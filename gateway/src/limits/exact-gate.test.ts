import { describe, expect, it } from '@jest/globals';
import { createCounterTable } from './counter-table.ts';
import { createExactGate } from './exact-gate.ts';
import type { LimitStore, Taking } from './limit-store.ts';
import { createLocalGate } from './local-gate.ts';
import { policiesOf } from './policy.ts';

const rates = { user: { limit: 2, windowSeconds: 60 }, address: { limit: 3, windowSeconds: 60 } };
const keys = { user: 'u', address: 'a' };
const start = 1_800_000_000_000;

/** A gate over a store that answers as told, and what was asked of it. */
function createWorld(answer: (policy: string) => Taking, failsOpen = false) {
  const world = { now: start, asked: [] as string[], givenBack: [] as string[] };
  const now = () => world.now;
  const store: LimitStore = {
    prepare: async () => undefined,
    take: async ({ name }) => {
      world.asked.push(name);
      return answer(name);
    },
    giveBack: ({ name }, sequence) => void world.givenBack.push(`${name} ${sequence}`),
  };
  const tables = policiesOf('spend', rates).map((policy) => createCounterTable(policy));
  const local = createLocalGate({ tables, now, tell: () => undefined });
  return Object.assign(world, { gate: createExactGate({ store, local, failsOpen, now }) });
}

const taken: Taking = { kind: 'taken', sequence: 7 };

describe('an exact gate', () => {
  it('takes under all keys and tells what is left', async () => {
    const world = createWorld(() => taken);
    const verdict = await world.gate.take(keys);
    expect(world.asked).toEqual(['spend-user', 'spend-address']);
    expect(verdict).toMatchObject({ kind: 'taken', standings: [{ remaining: 1 }, { remaining: 2 }] });
  });

  it('gives back what one limit granted when the other refuses, and asks no more until the refusal ends', async () => {
    const refused: Taking = { kind: 'refused', freeAt: start + 5_000 };
    const world = createWorld((policy) => (policy === 'spend-address' ? refused : taken));
    expect(await world.gate.take(keys)).toMatchObject({ kind: 'refused', policy: { name: 'spend-address' } });
    expect(world.givenBack).toEqual(['spend-user 7']);
    expect(world.gate.findRefusal({ address: 'a' })).toMatchObject({ freeAt: start + 5_000 });
    await world.gate.take(keys);
    expect(world.asked).toHaveLength(2);
    world.now = start + 5_000;
    await world.gate.take(keys);
    expect(world.asked).toHaveLength(4);
  });

  it('is closed while the store is away, and gives back what it had', async () => {
    const world = createWorld((policy) => (policy === 'spend-address' ? { kind: 'unknown' } : taken));
    expect(await world.gate.take(keys)).toEqual({ kind: 'closed' });
    expect(world.givenBack).toEqual(['spend-user 7']);
  });

  it('decides by its own count while the store is away, where it fails open; what the store let through counts', async () => {
    let isUp = true;
    const world = createWorld(() => (isUp ? taken : { kind: 'unknown' }), true);
    await world.gate.take(keys);
    isUp = false;
    expect(await world.gate.take(keys)).toMatchObject({ kind: 'taken' });
    expect(await world.gate.take(keys)).toMatchObject({ kind: 'refused', policy: { name: 'spend-user' } });
  });
});
