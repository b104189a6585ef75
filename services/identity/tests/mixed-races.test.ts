import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { createTestTransport } from '@mawid/service-kit/testing';
import { routes } from '../src/rpc/index.ts';
import { as, type IdentityFixture, startIdentity } from './identity-fixture.ts';
import { type Account, newAccount, newAdmin } from './support/accounts.ts';

let identity: IdentityFixture;
let admin: Account;
let sessions: ReturnType<typeof createClient<typeof SessionService>>;

beforeAll(async () => {
  identity = await startIdentity({
    OTP_RESEND_COOLDOWN_SECONDS: '0',
    OTP_MAX_PER_WINDOW: '100',
    OTP_MAX_PER_DAY: '100',
  });
  const { telemetry } = identity.ctx;
  sessions = createClient(SessionService, createTestTransport(routes(identity.ctx), { telemetry }));
  admin = await newAdmin(identity);
});
afterAll(() => identity?.close());

type Options = { headers: Headers };

/** A sign-in that is known on a device of its own. */
async function knownDevice(phoneNumber: string): Promise<Options> {
  let device = '';
  const { requestId } = await identity.auth.requestPhoneCode({ phoneNumber });
  await identity.auth.verifyPhoneCode(
    { requestId, code: await identity.codeOf(requestId) },
    {
      onHeader: (headers) => {
        device = headers.get('x-device-id') ?? '';
      },
    },
  );
  return { headers: new Headers({ 'x-device-id': device }) };
}

/** All that can happen to somebody, and to the number that they want, made ready to happen at once. */
async function prepare() {
  const phone = identity.newPhone();
  const wanted = identity.newPhone();
  const devices = [await knownDevice(phone), await knownDevice(phone), { headers: new Headers() }];
  const account = await newAccount(identity, phone);
  const { auth, users, admin: operators } = identity;
  const ask = (phoneNumber: string, options?: Options) => auth.requestPhoneCode({ phoneNumber }, options ?? {});
  const own = await Promise.all(devices.map((device) => ask(phone, device)));
  const change = await users.requestPhoneChange({ phoneNumber: wanted }, account.on);
  const holder = await ask(wanted);
  const check = await auth.requestVerificationCode({ phoneNumber: phone });
  const codes = new Map<string, string>();
  for (const { requestId } of [...own, change, holder, check]) codes.set(requestId, await identity.codeOf(requestId));
  const present = (requestId: string, options?: Options) =>
    auth.verifyPhoneCode({ requestId, code: codes.get(requestId) ?? '' }, options ?? {});
  const asAdmin = { headers: as(admin.session) };
  const calls: Record<string, () => Promise<unknown>> = {
    ...Object.fromEntries(own.map(({ requestId }, at) => [`verify ${at}`, () => present(requestId, devices[at])])),
    'verify wanted': () => present(holder.requestId),
    'verify only': () =>
      auth.verifyVerificationCode({ requestId: check.requestId, code: codes.get(check.requestId) ?? '' }),
    change: () =>
      users.verifyPhoneChange({ requestId: change.requestId, code: codes.get(change.requestId) ?? '' }, account.on),
    erase: () => users.deleteMe({}, account.on),
    suspend: () => operators.suspendUser({ userId: account.id, reason: 'race' }, asAdmin),
    unlock: () => operators.unlockUser({ userId: account.id }, asAdmin),
    'end all': () => sessions.logoutAll({}, account.on),
    refresh: () => auth.refreshToken({ refresh: account.session.refresh }),
    'ask own': () => ask(phone, devices[0]),
    'ask as stranger': () => ask(phone),
    'ask wanted': () => ask(wanted),
  };
  return { account, phone, wanted, calls };
}

/** A different order each time, and the same ones in each run of the test. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed * 2_654_435_761;
  const keyed = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { item, key: state };
  });
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

const answers = new Set([
  ...['ok', 'CODE_INVALID', 'UNAUTHENTICATED', 'NOT_FOUND', 'ACCOUNT_SUSPENDED'],
  ...['PHONE_NUMBER_TAKEN', 'REFRESH_TOKEN_INVALID'],
]);

describe('all that can happen to one person at once', () => {
  it('T9: never waits for ever, fails for no other reason than a rule, and leaves no session behind its end', async () => {
    const seen = new Map<string, Set<string>>();
    for (let run = 0; run < 80; run++) {
      const { account, wanted, calls } = await prepare();
      // Some of it, so that each has its chance to come first.
      const names = shuffled(Object.keys(calls), run + 1).slice(0, run % 3 === 0 ? 16 : 9);
      await Promise.all(
        names.map(async (name) => {
          const answer = await calls[name]?.().then(
            () => 'ok',
            (error: unknown) => reasonOf(error) ?? String(error),
          );
          seen.set(name, (seen.get(name) ?? new Set()).add(String(answer)));
        }),
      );
      const live = await identity.rows(
        `SELECT FROM sessions s LEFT JOIN users u ON u.id = s.user_id
          WHERE s.user_id = $1 AND s.ended_at IS NULL AND (u.id IS NULL OR u.suspended_at IS NOT NULL)`,
        account.id,
      );
      expect(live).toEqual([]);
      expect((await identity.rows('SELECT FROM users WHERE phone_number = $1', wanted)).length).toBeLessThanOrEqual(1);
    }
    const all = [...seen].flatMap(([name, outcomes]) => [...outcomes].map((outcome) => ({ name, outcome })));
    expect(all.filter(({ outcome }) => !answers.has(outcome))).toEqual([]);
    // Otherwise nothing met.
    for (const name of ['change', 'erase', 'suspend', 'verify 0', 'end all']) expect(seen.get(name)).toContain('ok');
  }, 300_000);
});
