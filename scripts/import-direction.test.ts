import { describe, expect, it } from '@jest/globals';
import { breachOf, findBreaches } from './import-direction.ts';

describe('import direction', () => {
  it('holds over the whole repository', () => {
    expect(findBreaches()).toEqual([]);
  });

  it.each([
    ['packages/contracts/src/a.ts', '@mawid/rpc'],
    ['packages/rpc/src/a.ts', '@mawid/service-kit'],
    ['packages/service-kit/src/a.ts', '@mawid/dev-stack'],
    ['services/booking/src/rpc/a.ts', '@mawid/payments'],
    ['services/booking/src/rpc/a.ts', '../../../payments/src/config.ts'],
    ['services/booking/src/rpc/a.ts', '@mawid/gateway'],
    ['gateway/src/a.ts', '@mawid/dev-stack'],
    ['packages/dev-stack/src/a.ts', '../../../tests/e2e/a.ts'],
    ['services/booking/src/domain/a.ts', '../db/b.ts'],
    ['services/booking/src/domain/a.ts', 'pg'],
    ['services/booking/src/domain/a.ts', '@mawid/service-kit'],
    ['services/booking/src/domain/a.ts', 'fast-check'],
    ['services/booking/src/domain/a.test.ts', 'node:child_process'],
  ])('refuses %s importing %s', (file, specifier) => {
    expect(breachOf(file, specifier)).toHaveLength(1);
  });

  it.each([
    ['services/booking/src/rpc/a.ts', '@mawid/service-kit'],
    ['services/booking/src/rpc/a.ts', '../domain/b.ts'],
    ['services/booking/tests/a.test.ts', '@mawid/dev-stack'],
    ['services/booking/src/domain/a.ts', './b.ts'],
    ['services/booking/src/domain/a.ts', 'temporal-polyfill'],
    ['services/booking/src/domain/a.ts', 'adhan'],
    ['services/booking/src/domain/a.test-support.ts', 'fast-check'],
    ['tests/e2e/a.test.ts', '@mawid/dev-stack'],
  ])('allows %s importing %s', (file, specifier) => {
    expect(breachOf(file, specifier)).toEqual([]);
  });
});
