import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenVerifier, type TokenVerifier } from '@mawid/service-kit';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const rules = { issuer: 'https://mawid.sa', audience: 'mawid' };

interface Key {
  publicJwk: JWK;
  sign(): Promise<string>;
}

let server: Server;
/** What the issuer publishes, how it answers, and how often it was asked. */
let published: Key[];
let answers: 'well' | 'badly' | 'never';
let asked: number;
let now: number;
let verifier: TokenVerifier;
let old: Key;
let next: Key;

async function makeKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const claims = { role: 'customer', sid: 's1', ver: 1 };
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
    sign: () =>
      new SignJWT({ ...claims, jti: `${kid}-${Math.random()}` })
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
        .setIssuer(rules.issuer)
        .setAudience(rules.audience)
        .setSubject('u1')
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(now / 1000) + 900)
        .sign(privateKey),
  };
}

beforeEach(async () => {
  now = Date.now();
  [old, next] = [await makeKey('old'), await makeKey('next')];
  [published, answers, asked] = [[old], 'well', 0];
  server = createServer((_, response) => {
    asked += 1;
    if (answers === 'never') return;
    const body = JSON.stringify({ keys: published.map((key) => key.publicJwk) });
    response.writeHead(answers === 'well' ? 200 : 503).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  verifier = createTokenVerifier({ ...rules, jwksUrl, now: () => now });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const isValid = async (token: string) => (await verifier.verify(token)) !== undefined;

/** Asks with the same token until it is refused; what runs in the background needs some turns. */
async function untilRefused(token: string): Promise<void> {
  while (await isValid(token)) await new Promise((resolve) => setImmediate(resolve));
}

describe('the keys of the issuer', () => {
  it('T10: are looked for by a token of a new key, and the old key is good as long as it is published', async () => {
    const early = await old.sign();
    expect(await isValid(early)).toBe(true);
    published = [old, next];
    now += 5_000;
    expect([await isValid(await next.sign()), await isValid(early), await isValid(await old.sign())]).toEqual([
      true,
      true,
      true,
    ]);
    expect(asked).toBe(2);
  });

  it('are believed for a minute after their withdrawal, by new tokens', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    published = [next];
    now += 59_999;
    expect(await isValid(await old.sign())).toBe(true);
    now += 1;
    expect(await isValid(await old.sign())).toBe(false);
  });

  it('are believed for a minute after their withdrawal, by tokens that are remembered', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    published = [next];
    now += 59_000;
    const late = await old.sign();
    expect(await isValid(late)).toBe(true);
    now += 1_000;
    await untilRefused(late);
  });

  it('are forgotten together with what they signed as soon as a token of another key shows their withdrawal', async () => {
    const early = await old.sign();
    expect(await isValid(early)).toBe(true);
    published = [next];
    now += 5_000;
    expect([await isValid(await next.sign()), await isValid(early)]).toEqual([true, false]);
  });

  it('are asked for once in five seconds at most, however many forged tokens name unknown ones', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    now += 5_000;
    const forged = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => (await makeKey(`forged-${at}`)).sign()),
    );
    const verdicts = await Promise.all(forged.map(isValid));
    expect([verdicts.includes(true), asked]).toEqual([false, 2]);
    now += 4_999;
    expect([await isValid(await next.sign()), asked]).toEqual([false, 2]);
  });

  it('of before are good while the issuer is away, which is asked once in five seconds at most', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    answers = 'badly';
    now += 60_000;
    for (let count = 0; count < 5; count += 1) expect(await isValid(await old.sign())).toBe(true);
    expect(asked).toBe(2);
    expect(await isValid(await next.sign())).toBe(false);
  });

  it('let nobody wait for an issuer that is known to be away and does not answer', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    answers = 'badly';
    now += 60_000;
    expect(await isValid(await old.sign())).toBe(true);
    answers = 'never';
    now += 5_000;
    const givenUp = new Promise((resolve) => {
      server.once('request', (_, response) => response.once('close', () => resolve('given up')));
    });
    expect(await Promise.race([isValid(await old.sign()), givenUp])).toBe(true);
    expect(await givenUp).toBe('given up');
  });

  it('are looked for again after a silence, before a token is judged by old ones', async () => {
    expect(await isValid(await old.sign())).toBe(true);
    answers = 'badly';
    now += 60_000;
    expect(await isValid(await old.sign())).toBe(true);
    [answers, published] = ['well', [next]];
    now += 60_000;
    expect(await isValid(await old.sign())).toBe(false);
  });

  it('come back with the issuer', async () => {
    answers = 'badly';
    await expect(verifier.verify(await old.sign())).rejects.toThrow('cannot be fetched');
    answers = 'well';
    expect(await isValid(await old.sign())).toBe(true);
  });
});
