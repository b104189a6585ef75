import { describe, expect, it } from '@jest/globals';
import { toNetworkError } from './to-network-error.ts';

describe('toNetworkError', () => {
  it.each([
    ['a refused connection', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), false],
    ['an unknown host', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }), false],
    [
      'a connection that was reset',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }),
      true,
    ],
    ['a socket that closed', Object.assign(new TypeError('fetch failed'), { cause: { code: 'UND_ERR_SOCKET' } }), true],
    ['our own patience', new DOMException('timed out', 'TimeoutError'), true],
    ['what we have never seen', new Error('?'), true],
  ])('tells of %s whether the provider may have acted', (_, cause, mayHaveActed) => {
    expect(toNetworkError(cause)).toMatchObject({ isRetryable: true, mayHaveActed });
  });
});
