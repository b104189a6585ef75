import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { reasonOf, refuse } from './refuse.ts';
import { translateError } from './translate-error.ts';

describe('refuse', () => {
  it('takes code and texts from the contract and fills in the metadata', () => {
    const error = refuse('RATE_LIMITED', { retryAfterSeconds: 41.2 });
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toBe('Too many requests. Try again in 42 seconds.');
    expect(error.findDetails(ErrorInfoSchema)[0]).toMatchObject({ reason: 'RATE_LIMITED', domain: 'mawid' });
    expect(error.findDetails(LocalizedMessageSchema).map((each) => each.locale)).toEqual(['en', 'ar']);
    expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(42n);
  });

  it('names the fields that are wrong', () => {
    const error = refuse('VALIDATION_FAILED', {
      fields: [{ field: 'items[0].name', reason: 'string.min_len', metadata: { min: 2 }, description: 'too short' }],
    });
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]).toMatchObject({
      field: 'items[0].name',
      reason: 'string.min_len',
      description: 'too short',
    });
    expect(error.findDetails(ErrorInfoSchema)[0]?.metadata).toEqual({ 'items[0].name.min': '2' });
  });

  it('throws for a reason that no errors.proto has', () => {
    expect(() => refuse('NO_SUCH_REASON')).toThrow('NO_SUCH_REASON');
  });
});

describe('translateError', () => {
  const reason = (error: unknown, signal?: AbortSignal) => reasonOf(translateError(error, signal).error);

  it('says nothing about errors that are not refusals', () => {
    const { error, isFault } = translateError(new Error('relation "users" does not exist at 10.0.0.1'));
    expect([error.code, isFault]).toEqual([Code.Internal, true]);
    expect(error.message).not.toContain('users');
  });

  it('knows a database that is away from one that refuses', () => {
    expect(reason(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe('UNAVAILABLE');
    expect(reason(Object.assign(new Error('x'), { code: '57P01' }))).toBe('UNAVAILABLE');
    expect(reason(new Error('timeout exceeded when trying to connect'))).toBe('UNAVAILABLE');
    expect(reason(Object.assign(new Error('x'), { code: '57014' }))).toBe('DEADLINE_EXCEEDED');
    expect(reason(Object.assign(new Error('x'), { code: '23505' }))).toBe('INTERNAL');
  });

  it('keeps refusals, and the end of the call', () => {
    const refusal = refuse('NOT_FOUND');
    expect(translateError(refusal)).toEqual({ error: refusal, isFault: false });
    expect(translateError(new Error('x'), AbortSignal.abort()).error.code).toBe(Code.Canceled);
  });
});
