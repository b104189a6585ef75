import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isSameHash, toCodeHmac } from '../src/crypto/one-time-code.ts';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64url');
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity({ OTP_HMAC_KEYS: `new:${key(2)},old:${key(1)}` });
});
afterAll(() => identity?.close());

const request = (phoneNumber = identity.newPhone()) => identity.auth.requestPhoneCode({ phoneNumber });
const verify = async (requestId: string) =>
  identity.auth.verifyPhoneCode({ requestId, code: await identity.codeOf(requestId) });

describe('a dump of the database', () => {
  it('O9: holds no code in plain text, in no table', async () => {
    const { requestId } = await request();
    const code = await identity.codeOf(requestId);
    for (const table of ['code_requests', 'guess_budgets', 'send_budgets', 'audit_log', 'users']) {
      const dump = (await identity.rows<{ text: string }>(`SELECT t::text FROM ${table} t`)).map(({ text }) => text);
      // Hex digits and ids hold six digits in a row now and then; a code would stand alone.
      expect(dump.join('\n')).not.toMatch(new RegExp(`(?<![\\w-])${code}(?![\\w-])`));
    }
  });

  it('O9: gives no code away without the key: under no other, and under none, does even the right one fit', async () => {
    const phoneNumber = identity.newPhone();
    const { requestId } = await request(phoneNumber);
    const code = await identity.codeOf(requestId);
    const [row] = await identity.rows<{ code_hmac: Buffer }>(
      'SELECT code_hmac FROM code_requests WHERE id = $1',
      requestId,
    );
    const stored = row?.code_hmac ?? Buffer.alloc(0);
    const binding = { requestId, phoneNumber, purpose: 'auth' } as const;
    const under = (secret: Buffer, text: string) => toCodeHmac({ id: 'new', secret }, binding, text);
    const sha256 = (text: string) => createHash('sha256').update(text).digest();
    const keyless = [
      ...[Buffer.alloc(0), Buffer.alloc(32), Buffer.from(requestId), Buffer.from('new')].map((key) => under(key, code)),
      ...[code, `${requestId}${code}`, `${requestId}\n${phoneNumber}\nauth\n${code}`].map(sha256),
      under(Buffer.alloc(32, 1), code),
    ];
    expect(keyless.filter((hash) => isSameHash(stored, hash))).toEqual([]);
    const fitting = Array.from({ length: 1_000 }, (_, step) =>
      String((Number(code) + step) % 1_000_000).padStart(6, '0'),
    ).filter((guess) => isSameHash(stored, under(Buffer.alloc(32, 2), guess)));
    expect(fitting).toEqual([code]);
  });
});

describe('the keys of codes', () => {
  it('O9: are two at a time: a code of the old one still works, without it no more', async () => {
    const { hmacKeys } = identity.ctx.config.codes;
    const [newest, old] = hmacKeys;
    const under = (keys: typeof hmacKeys) => Object.assign(identity.ctx.config.codes, { hmacKeys: keys });
    under(old ? [old] : []);
    const [first, second] = [await request(), await request()];
    under(hmacKeys);
    expect((await verify(first.requestId)).access).not.toBe('');
    under(newest ? [newest] : []);
    expect(await refusalOf(verify(second.requestId))).toBe('CODE_INVALID');
    under(hmacKeys);
    const { requestId } = await request();
    expect(await identity.rows('SELECT key_id FROM code_requests WHERE id = $1', requestId)).toEqual([
      { key_id: 'new' },
    ]);
  });
});
