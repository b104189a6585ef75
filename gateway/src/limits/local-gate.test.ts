import { describe, expect, it } from '@jest/globals';
import { createCounterTable } from './counter-table.ts';
import { createLocalGate } from './local-gate.ts';
import { policiesOf } from './policy.ts';

const rates = { user: { limit: 2, windowSeconds: 60 }, address: { limit: 3, windowSeconds: 60 } };
const start = 1_800_000_000_000;

function createGate(told: string[] = []) {
  const tables = policiesOf('read', rates).map((policy) => createCounterTable(policy));
  return createLocalGate({ tables, now: () => start, tell: (...news) => void told.push(news.join(' ')) });
}

describe('a local gate', () => {
  it('counts under all keys or under none', () => {
    const gate = createGate();
    const kinds = ['u', 'u', 'u', 'v', 'w'].map((user) => gate.take({ user, address: 'a' }).kind);
    expect(kinds).toEqual(['taken', 'taken', 'refused', 'taken', 'refused']);
  });

  it('finds a refusal without counting', () => {
    const gate = createGate();
    for (let time = 0; time < 10; time += 1) expect(gate.findRefusal({ address: 'a' })).toBeUndefined();
    expect(gate.take({ address: 'a' })).toMatchObject({ kind: 'taken', standings: [{ remaining: 2 }] });
  });

  it('tells the others what it let through', () => {
    const told: string[] = [];
    createGate(told).take({ user: 'u', address: 'a' });
    expect(told).toEqual(['read-user u 1', 'read-address a 1']);
  });
});
