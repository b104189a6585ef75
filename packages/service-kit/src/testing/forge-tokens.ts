import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import type { Closable } from '../closable.ts';
import { type TestIssuer, unknownExtension } from './test-issuer.ts';

/** Tokens that must be refused everywhere, by what is wrong with them (RFC 8725, RFC 9068). */
export type ForgedTokens = Readonly<Record<string, string>>;

/** An HTTP server to which nobody must ever be lured. */
export interface Trap extends Closable {
  readonly url: string;
  readonly requests: readonly string[];
}

export async function startTrap(): Promise<Trap> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const userId = '019abc00-0000-7000-8000-0000000000f1';
const sessionId = '019abc00-0000-7000-8000-0000000000f2';
const typ = 'at+jwt';

/** Forges tokens in every way we know of; `trap` is where headers say that keys can be found. */
export async function forgeTokens(issuer: TestIssuer, trap: string): Promise<ForgedTokens> {
  const good = goodPayload(issuer);
  const header = { alg: 'ES256', typ, kid: String(issuer.publicKey.kid) };
  const valid = await issuer.signRaw(header, good);
  return {
    ...forgeAlgorithms(good, header, await symmetricSecrets(issuer)),
    ...(await forgeKeys(good, header, trap)),
    ...(await forgeClaims(issuer, good)),
    ...(await forgeTypes(issuer, good)),
    ...forgeSignatures(valid),
    'critical extension': await issuer.signRaw({ ...header, crit: [unknownExtension], [unknownExtension]: 1 }, good),
    empty: '-',
    'no token': 'x.y.z',
    'five parts': `${valid}.${valid.split('.')[1]}.${valid.split('.')[2]}`,
    'refresh token': Buffer.alloc(32, 7).toString('base64url'),
  };
}

function goodPayload({ issuer, audience }: TestIssuer): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const registered = { iss: issuer, aud: audience, sub: userId, iat: now, exp: now + 600, jti: sessionId };
  return { ...registered, sid: sessionId, ver: 1, role: 'admin', amr: ['otp'], auth_time: now, client_id: 'mawid-app' };
}

async function symmetricSecrets({ publicKey }: TestIssuer): Promise<Record<string, string>> {
  const pem = await exportSPKI((await importJWK(publicKey, 'ES256')) as never);
  return { 'the PEM': pem, 'the JWK': JSON.stringify(publicKey) };
}

function forgeAlgorithms(payload: object, header: object, secrets: Record<string, string>): ForgedTokens {
  const none = ['none', 'None', 'NONE', ''].map((alg) => [
    `alg ${JSON.stringify(alg)}`,
    `${encode({ ...header, alg })}.${encode(payload)}.`,
  ]);
  const hmac = Object.entries(secrets).map(([name, secret]) => {
    const text = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
    return [`HS256 with ${name}`, `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`];
  });
  return Object.fromEntries([...none, ...hmac]);
}

// Signed well, by a key that is not the issuer's.
async function forgeKeys(payload: JWTPayload, header: { alg: string; kid: string }, trap: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'forged', alg: 'ES256' };
  const sign = (extra: object) => new SignJWT(payload).setProtectedHeader({ ...header, ...extra }).sign(privateKey);
  const rsa = await generateKeyPair('RS256', { modulusLength: 2048 });
  return {
    'unknown kid': await sign({ kid: 'forged' }),
    'kid of another key': await sign({}),
    'kid that is a path': await sign({ kid: '../../dev/null' }),
    'key in the header': await sign({ jwk, kid: 'forged' }),
    'key in the header, known kid': await sign({ jwk }),
    'jku of a stranger': await sign({ jku: `${trap}/jwks.json`, kid: 'forged' }),
    'x5u of a stranger': await sign({ x5u: `${trap}/chain.pem`, kid: 'forged' }),
    'x5c of a stranger': await sign({ x5c: ['MIIB'], kid: 'forged' }),
    'algorithm that is not ours': await new SignJWT(payload)
      .setProtectedHeader({ ...header, alg: 'RS256' })
      .sign(rsa.privateKey),
  };
}

// Signed by the issuer itself; what is said makes them useless.
async function forgeClaims(issuer: TestIssuer, good: JWTPayload): Promise<ForgedTokens> {
  const now = Math.floor(Date.now() / 1000);
  const changes: Record<string, Record<string, unknown>> = {
    expired: { iat: now - 600, exp: now - 1 },
    'no end': { exp: undefined },
    'end that is no number': { exp: String(now + 600) },
    'life of a day': { exp: now + 86_400 },
    'signed tomorrow': { iat: now + 86_400, exp: now + 86_400 + 600 },
    'not yet valid': { nbf: now + 300 },
    'wrong issuer': { iss: 'https://evil.example' },
    'list of issuers': { iss: [issuer.issuer] },
    'no issuer': { iss: undefined },
    'wrong audience': { aud: 'evil' },
    'no audience': { aud: undefined },
    'no subject': { sub: undefined },
    'no session': { sid: undefined },
    'no session version': { ver: undefined },
    'session version that is no number': { ver: '1' },
    'no role': { role: undefined },
    'unknown role': { role: 'root' },
  };
  const header = { alg: 'ES256', typ, kid: String(issuer.publicKey.kid) };
  const signed = Object.entries(changes).map(async ([name, change]) => {
    return [name, await issuer.signRaw(header, { ...good, ...change })] as const;
  });
  return Object.fromEntries(await Promise.all(signed));
}

async function forgeTypes(issuer: TestIssuer, good: JWTPayload): Promise<ForgedTokens> {
  const header = { alg: 'ES256', kid: String(issuer.publicKey.kid) };
  const idToken = { ...good, aud: 'mawid-app', nonce: 'n-0S6_WzA2Mj', email: 'somebody@example.sa' };
  return {
    'no typ': await issuer.signRaw(header, good),
    'typ JWT': await issuer.signRaw({ ...header, typ: 'JWT' }, good),
    'typ of a refresh token': await issuer.signRaw({ ...header, typ: 'rt+jwt' }, good),
    'ID token': await issuer.signRaw({ ...header, typ: 'JWT' }, idToken),
    'ID token that says at+jwt': await issuer.signRaw({ ...header, typ }, idToken),
  };
}

function forgeSignatures(valid: string): ForgedTokens {
  const [header = '', payload = '', signature = ''] = valid.split('.');
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return {
    'signature stripped': `${header}.${payload}.`,
    'signature and dot stripped': `${header}.${payload}`,
    'signature of zeros': `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'signature cut short': `${header}.${payload}.${signature.slice(0, -4)}`,
    'somebody else’s name': `${header}.${encode({ ...said, sub: sessionId })}.${signature}`,
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
