import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { services } from '@mawid/contracts';
import { assertAllowed, assertEveryMethodHasRule } from './access.ts';
import { preferredOf } from './auth.ts';
import { nobody } from './caller.ts';
import { statusName } from './status-name.ts';

describe('preferredOf', () => {
  it.each([
    ['ar-SA', 'ar'],
    ['fr, en;q=0.5, ar;q=0.9', 'ar'],
    ['en;q=0, ar;q=0.1', 'ar'],
    ['fr', undefined],
    [undefined, undefined],
  ])('%s → %s', (header, locale) => {
    expect(preferredOf(header)).toBe(locale);
  });
});

describe('assertEveryMethodHasRule', () => {
  it('accepts the contract', () => {
    expect(() => assertEveryMethodHasRule(services)).not.toThrow();
  });

  it('names a method without a rule', () => {
    const [service] = services;
    const bare = { ...service?.methods[0], name: 'Bare', proto: { options: undefined }, parent: service };
    expect(() => assertEveryMethodHasRule([{ ...service, methods: [bare] } as never])).toThrow(/Bare/);
    expect(() => assertAllowed(bare as never, nobody)).toThrow(/not allowed/);
  });
});

describe('statusName', () => {
  it('spells codes as gRPC does', () => {
    expect(statusName(undefined)).toBe('OK');
    expect(statusName(new ConnectError('x', Code.Canceled))).toBe('CANCELLED');
    expect(statusName(new ConnectError('x', Code.FailedPrecondition))).toBe('FAILED_PRECONDITION');
    expect(statusName(new ConnectError('x', Code.DataLoss))).toBe('DATA_LOSS');
  });
});
