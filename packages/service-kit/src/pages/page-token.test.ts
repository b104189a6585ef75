import { describe, expect, it } from '@jest/globals';
import { reasonOf } from '../errors/refuse.ts';
import { createPageToken, requireCursor } from './page-token.ts';

const scope = { key: 'key', list: ['payments', 'user-1'] };
const token = createPageToken(scope, ['2026-11-22T10:00:00Z', 'id-1']);
const [payload, signature] = token.split('.');

describe('PageToken', () => {
  it('brings back its cursor', () => {
    expect(requireCursor(scope, token)).toEqual(['2026-11-22T10:00:00Z', 'id-1']);
  });

  it('is not there on the first page', () => {
    expect(requireCursor(scope, '')).toBeUndefined();
  });

  it.each([
    ['another key', { ...scope, key: 'other' }, token],
    ['another reader', { ...scope, list: ['payments', 'user-2'] }, token],
    ['another list', { ...scope, list: ['refunds', 'user-1'] }, token],
    ['words that run together', { ...scope, list: ['paymentsuser-1'] }, token],
    ['another cursor', scope, `${Buffer.from('["x"]').toString('base64url')}.${signature}`],
    ['no signature', scope, payload ?? ''],
    ['a longer signature', scope, `${token}x`],
    ['a third part', scope, `${token}.x`],
    ['nonsense', scope, 'nonsense'],
  ])('refuses %s', (_, given, text) => {
    const refusal = catchError(() => requireCursor(given, text));
    expect(reasonOf(refusal)).toBe('PAGE_TOKEN_INVALID');
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
