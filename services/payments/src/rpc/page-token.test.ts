import { describe, expect, it } from '@jest/globals';
import { parsePageToken, toPageToken } from './page-token.ts';

const scope = { key: 'key', scope: 'payments user-1' };
const token = toPageToken(scope, '0190c0de-0000-7000-8000-000000000001');

describe('PageToken', () => {
  it('brings back its cursor', () => {
    expect(parsePageToken(scope, token)).toBe('0190c0de-0000-7000-8000-000000000001');
  });

  it.each([
    ['another key', { ...scope, key: 'other' }, token],
    ['another list', { ...scope, scope: 'payments user-2' }, token],
    ['another cursor', scope, `${Buffer.from('x').toString('base64url')}.${token.split('.')[1]}`],
    ['no signature', scope, token.split('.')[0] ?? ''],
    ['a third part', scope, `${token}.x`],
    ['nonsense', scope, 'nonsense'],
  ])('refuses %s', (_, given, text) => {
    expect(parsePageToken(given, text)).toBeUndefined();
  });
});
