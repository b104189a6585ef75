import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenVerifier, type SessionWatch } from '@mawid/service-kit';
import { startTestIssuer, type TestIssuer } from '@mawid/service-kit/testing';

let issuer: TestIssuer;
let now: number;
/** What the watch says, and what it was asked. */
let isLive: boolean;
let ended: Set<string>;
let judged: string[];

const watch: SessionWatch = {
  isEnded: ({ sessionId }) => ended.has(sessionId),
  async judge({ sessionId, sessionVersion }) {
    judged.push(`${sessionId}@${sessionVersion}`);
    return { isLive, believedMs: 40_000 };
  },
  close: async () => undefined,
};

beforeAll(async () => {
  issuer = await startTestIssuer();
});

afterAll(() => issuer.close());

beforeEach(() => {
  now = Date.now();
  isLive = true;
  ended = new Set();
  judged = [];
});

function create() {
  return createTokenVerifier({ ...issuer, now: () => now }, watch);
}

const sign = () => issuer.sign({ userId: 'u1', sessionId: 's1', sessionVersion: 4 });

describe('createTokenVerifier with a watch', () => {
  it('asks about a session as long as the last answer may be believed, and then again', async () => {
    const [verifier, token] = [create(), await sign()];
    expect(await verifier.verify(token)).toMatchObject({ sessionId: 's1', sessionVersion: 4 });
    now += 39_999;
    await verifier.verify(token);
    expect(judged).toEqual(['s1@4']);
    now += 1;
    isLive = false;
    expect(await verifier.verify(token)).toBeUndefined();
    expect(judged).toHaveLength(2);
  });

  it('T9: refuses a remembered token at once when its session is heard to have ended', async () => {
    const [verifier, token] = [create(), await sign()];
    expect(await verifier.verify(token)).toBeDefined();
    ended.add('s1');
    expect(await verifier.verify(token)).toBeUndefined();
    expect(judged).toHaveLength(1);
  });

  it('remembers that a session has ended, without asking for each call', async () => {
    isLive = false;
    const [verifier, token] = [create(), await sign()];
    expect([await verifier.verify(token), await verifier.verify(token)]).toEqual([undefined, undefined]);
    expect(judged).toHaveLength(1);
  });

  it('refuses a session that ends while it is asked about', async () => {
    const [verifier, token] = [create(), await sign()];
    const verifying = verifier.verify(token);
    ended.add('s1');
    expect(await verifying).toBeUndefined();
  });

  it('asks about no session of a token that is not valid', async () => {
    const token = await issuer.sign({ userId: 'u1', audience: 'evil' });
    expect(await create().verify(token)).toBeUndefined();
    expect(judged).toEqual([]);
  });
});
