import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { reasonOf, refuse } from './refuse.ts';
import { translateError } from './translate-error.ts';

/** As a client of ours throws it for a status of another server, or of the way to it. */
function fromPeer(code: Code, text: string): ConnectError {
  return Object.assign(new ConnectError(text, code), { isWireError: true });
}

/** As Prisma wraps an error of PostgreSQL that it has no word for. */
function ofPrisma(originalCode: string, originalMessage: string): Error {
  const driverAdapterError = { cause: { kind: 'postgres', originalCode, originalMessage } };
  return Object.assign(new Error('a query failed'), { code: 'P2010', meta: { driverAdapterError } });
}

describe('translateError', () => {
  it('lets refusals pass, also those of another service', () => {
    const refusal = refuse('SLOT_TAKEN');
    expect(translateError(refusal)).toEqual({ error: refusal, isFault: false });
    const passedOn = Object.assign(refuse('NOT_FOUND'), { isWireError: true });
    expect(translateError(passedOn)).toEqual({ error: passedOn, isFault: false });
  });

  it.each([
    [fromPeer(Code.Unavailable, 'connect ECONNREFUSED 10.0.0.7:50052'), 'UNAVAILABLE'],
    [fromPeer(Code.DeadlineExceeded, 'LB pick: 10.0.0.7'), 'DEADLINE_EXCEEDED'],
    [fromPeer(Code.Unimplemented, 'no service at booking-7d9'), 'INTERNAL'],
    [fromPeer(Code.Unknown, 'select * from users'), 'INTERNAL'],
    [Object.assign(new Error('duplicate key (phone)=(+966…)'), { code: '23505' }), 'INTERNAL'],
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' }), 'UNAVAILABLE'],
    [Object.assign(new Error('canceling statement'), { code: '57014' }), 'DEADLINE_EXCEEDED'],
    [Object.assign(new Error('canceling statement due to user request'), { code: '57014' }), 'UNAVAILABLE'],
    [ofPrisma('57014', 'canceling statement due to user request'), 'UNAVAILABLE'],
    [ofPrisma('57014', 'canceling statement due to statement timeout'), 'DEADLINE_EXCEEDED'],
  ])('tells callers nothing of %s', (thrown, reason) => {
    const { error, isFault } = translateError(thrown);
    expect([reasonOf(error), isFault]).toEqual([reason, true]);
    expect(error.message).not.toMatch(/10\.0\.0|select|phone|booking-7d9|canceling/);
    expect(error.cause).toBe(thrown);
  });

  it('leaves the end of a call what it is', () => {
    const ended = fromPeer(Code.Canceled, 'cancelled');
    expect(translateError(ended)).toEqual({ error: ended, isFault: false });
  });
});
