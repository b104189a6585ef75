import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { solvePuzzle } from '../attacks/solve-puzzle.ts';
import { askForCode, signIn } from './people.ts';
import { callRest } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;

beforeAll(async () => {
  // Three codes in a minute are for anybody, the fourth costs a puzzle, and from the sixth on there is none.
  const limits = { OTP_ADDRESS_SOFT_PER_MINUTE: '3', OTP_ADDRESS_PER_MINUTE: '5', OTP_CHALLENGE_SCORE: '50' };
  stack = await startCheckedStack({ env: { ...limits, CHALLENGE_COST: '10' } });
}, 120_000);

afterAll(() => stack?.close());

let lastAddress = 0;

/** An address that has asked for so many codes. */
async function busyAddress(codes: number): Promise<{ 'x-forwarded-for': string }> {
  lastAddress += 1;
  const headers = { 'x-forwarded-for': `203.0.113.${lastAddress}` };
  for (let sent = 0; sent < codes; sent += 1) {
    const { status } = await askForCode(stack, { phoneNumber: newPhone(), headers });
    expect(status).toBe(201);
  }
  return headers;
}

const request = (headers: Record<string, string>, solution?: string, phone_number = newPhone()) => {
  const body = { phone_number, ...(solution === undefined ? {} : { challenge_solution: solution }) };
  return callRest(stack.urls.gateway, 'POST /api/auth/phone/request/', { body, headers });
};

describe('CHALLENGE_REQUIRED', () => {
  it('is 403 with a puzzle in it, in both languages; its solution is good once', async () => {
    const headers = await busyAddress(3);
    const english = await request(headers);
    const arabic = await request({ ...headers, 'accept-language': 'ar' });
    expect([english.status, english.body.code, english.body.detail, arabic.body.detail]).toEqual([
      403,
      'CHALLENGE_REQUIRED',
      'Please confirm that you are not a robot, then try again.',
      'يرجى تأكيد أنك لست برنامجًا آليًا، ثم المحاولة مرة أخرى.',
    ]);
    expect(english.body.metadata).toMatchObject({ kind: 'proof_of_work', expires_at: expect.stringMatching(/Z$/) });
    const solution = await solvePuzzle(english.body.metadata.puzzle);
    const answers = [await request(headers, solution), await request(headers, solution)];
    expect(answers.map(({ status }) => status)).toEqual([201, 403]);
    expect(answers[1]?.body.metadata.puzzle).not.toBe(english.body.metadata.puzzle);
  });

  it.each(['x', 'e30=', Buffer.from('{"challenge":{},"solution":{}}').toString('base64')])(
    'comes again for the solution %s',
    async (solution) => {
      const answer = await request(await busyAddress(3), solution);
      expect([answer.status, answer.body.code]).toEqual([403, 'CHALLENGE_REQUIRED']);
    },
  );

  it('A3: an address that solves every puzzle is stopped all the same, with the time to wait', async () => {
    const headers = await busyAddress(3);
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const puzzle = (await request(headers)).body.metadata?.puzzle;
      const answer = await request(headers, puzzle && (await solvePuzzle(puzzle)));
      statuses.push(answer.status);
      if (answer.status !== 429) continue;
      expect(answer.body).toMatchObject({ code: 'CODE_BUDGET_SPENT', type: '/docs/errors/CODE_BUDGET_SPENT' });
      expect(answer.body.retry_after_seconds).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBe(answer.body.retry_after_seconds);
      expect(answer.headers.get('ratelimit')).toMatch(/^"[\w-]+";r=0;t=\d+$/);
      expect(answer.headers.get('ratelimit-policy')).toMatch(/"[\w-]+";q=\d+;w=\d+/);
    }
    expect(statuses).toEqual([201, 201, 429]);
  });

  it('is asked of nobody who is known on the device, whatever the address does', async () => {
    const phone = newPhone();
    const headers = await busyAddress(2);
    const { device } = await signIn(stack, phone, { headers });
    const stranger = await request(headers);
    expect(stranger.body.code).toBe('CHALLENGE_REQUIRED');
    const known = await request({ ...headers, 'x-device-id': device }, undefined, phone);
    expect(known.status).toBe(201);
  });
});

describe('GET /api/auth/challenge', () => {
  it('gives a puzzle to solve in advance, that another request may use', async () => {
    const headers = await busyAddress(3);
    const { status, body } = await callRest(stack.urls.gateway, 'GET /api/auth/challenge', { headers });
    expect([status, body.kind, Object.keys(body).sort()]).toEqual([
      200,
      'proof_of_work',
      ['expires_at', 'kind', 'puzzle'],
    ]);
    expect((await request(headers, await solvePuzzle(body.puzzle))).status).toBe(201);
  });
});
