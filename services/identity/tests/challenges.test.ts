import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { findSolvedPuzzle } from '../src/challenge/proof-of-work.ts';
import {
  ask,
  flood,
  knownDevice,
  lonelyPhone,
  newAddress,
  outcomeOf,
  puzzleOf,
  solve,
  tally,
} from './budget-fixture.ts';
import { errorOf, type IdentityFixture, startIdentity } from './identity-fixture.ts';

const minute = 60_000;
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_ADDRESS_SOFT_PER_MINUTE: '10',
    OTP_ADDRESS_PER_MINUTE: '15',
    OTP_ADDRESS_UNSOLVED_PER_MINUTE: '20',
    OTP_CHALLENGE_SCORE: '40',
    OTP_DENY_SCORE: '90',
    CHALLENGE_COST: '1',
  });
});
afterAll(() => identity?.close());
beforeEach(() => identity.clock.advance(3 * minute));

const newPuzzle = async () => (await identity.auth.getChallenge({})).puzzle;

/** An address that must solve puzzles from now on. */
async function busyAddress(): Promise<string> {
  const address = newAddress();
  await flood(10, () => ask(identity, { address }));
  return address;
}

describe('an address that asks for many codes', () => {
  it('A3: gets 10 in a minute, then a puzzle, then 429 with a time to wait', async () => {
    const address = newAddress();
    const outcomes = await flood(1_000, () => ask(identity, { address }));
    expect(outcomes.slice(0, 11)).toEqual([...new Array<string>(10).fill('sent'), 'CHALLENGE_REQUIRED']);
    expect(tally(outcomes)).toEqual({ sent: 10, CHALLENGE_REQUIRED: 20, CODE_BUDGET_SPENT: 970 });
    const error = await errorOf(ask(identity, { address }));
    expect(Number(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds)).toBeGreaterThan(0);
    expect(error.metadata.get('ratelimit-policy')).toBe('"address-refused";q=20;w=60');
  });

  it('A3: gets a few more by solving, and 429 at the hard limit', async () => {
    const address = await busyAddress();
    const outcomes = await flood(8, async () => ask(identity, { address, solution: await solve(await newPuzzle()) }));
    expect(tally(outcomes)).toEqual({ sent: 5, CODE_BUDGET_SPENT: 3 });
  });

  it('A3: gets 10 of 100 at once', async () => {
    const address = newAddress();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => ask(identity, { address })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('O6: stops no device that its owner is known on, and takes no room from it', async () => {
    const phone = lonelyPhone();
    const device = await knownDevice(identity, phone);
    const address = newAddress();
    const outcomes = await flood(16, async () => ask(identity, { address, solution: await solve(await newPuzzle()) }));
    expect(tally(outcomes)).toEqual({ sent: 15, CODE_BUDGET_SPENT: 1 });
    const used = () => identity.rows(`SELECT * FROM budgets WHERE key = $1 ORDER BY axis`, address);
    const before = await used();
    expect(await outcomeOf(ask(identity, { address, phone, device }))).toBe('sent');
    expect(await used()).toEqual(before);
  });
});

describe('a solved puzzle', () => {
  it('is good once', async () => {
    const address = await busyAddress();
    const solution = await solve(await newPuzzle());
    expect(await flood(3, () => ask(identity, { address, solution }))).toEqual([
      'sent',
      'CHALLENGE_REQUIRED',
      'CHALLENGE_REQUIRED',
    ]);
  });

  it('is good once where 50 use it at the same time', async () => {
    const addresses = await Promise.all(Array.from({ length: 5 }, () => busyAddress()));
    const solution = await solve(await newPuzzle());
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outcomeOf(ask(identity, { address: addresses[index % 5] ?? '', solution })),
      ),
    );
    expect(tally(outcomes)).toEqual({ sent: 1, CHALLENGE_REQUIRED: 49 });
  });

  it('is not used up by a request that is refused', async () => {
    const address = await busyAddress();
    const phone = lonelyPhone();
    await ask(identity, { phone });
    const solution = await solve(await newPuzzle());
    expect(await outcomeOf(ask(identity, { address, phone, solution }))).toBe('CODE_COOLDOWN');
    expect(await outcomeOf(ask(identity, { address, solution }))).toBe('sent');
  });

  it('is good for ten minutes', async () => {
    const solution = await solve(await newPuzzle());
    identity.clock.advance(10 * minute - 1000);
    expect(await findSolvedPuzzle(identity.ctx, solution)).toBeDefined();
    identity.clock.advance(1000);
    expect(await findSolvedPuzzle(identity.ctx, solution)).toBeUndefined();
  });

  it('is told from everything that is none', async () => {
    const puzzle = await newPuzzle();
    const good = JSON.parse(Buffer.from(await solve(puzzle), 'base64').toString()) as {
      challenge: { parameters: Record<string, unknown>; signature: string };
      solution: Record<string, unknown>;
    };
    const { challenge, solution } = good;
    const withParameters = (change: object) => ({
      solution,
      challenge: { ...challenge, parameters: { ...challenge.parameters, ...change } },
    });
    const wrong = [
      { challenge, solution: { ...solution, counter: Number(solution.counter) + 1 } },
      { challenge, solution: { ...solution, derivedKey: '00'.repeat(32) } },
      { challenge: { ...challenge, signature: '0'.repeat(64) }, solution },
      withParameters({ expiresAt: Number(challenge.parameters.expiresAt) + 600 }),
      withParameters({ cost: 2 }),
      withParameters({ keyPrefix: '0' }),
      { challenge },
      'nonsense',
    ].map((each) => Buffer.from(JSON.stringify(each)).toString('base64'));
    for (const text of [...wrong, 'not base64 at all', puzzle, 'A'.repeat(100_000)]) {
      expect(await findSolvedPuzzle(identity.ctx, text)).toBeUndefined();
    }
    const right = Buffer.from(JSON.stringify(good)).toString('base64');
    expect(await findSolvedPuzzle(identity.ctx, right)).toBeDefined();
  });

  it('answers a refusal with a new puzzle each time', async () => {
    const address = await busyAddress();
    const puzzles = [
      await puzzleOf(ask(identity, { address })),
      await puzzleOf(ask(identity, { address, solution: 'x' })),
    ];
    expect(new Set(puzzles).size).toBe(2);
    expect(JSON.parse(puzzles[0] ?? '')).toMatchObject({
      parameters: { algorithm: 'PBKDF2/SHA-256', cost: 1, keyPrefix: '00' },
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
