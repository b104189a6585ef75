import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { Closable } from '../closable.ts';
import type { Role } from '../rpc/caller.ts';

export interface TestTokenClaims {
  userId: string;
  role?: Role;
  sessionId?: string;
  /** Default 1. */
  sessionVersion?: number;
  authTime?: Date;
  /** From now; negative for a token that has expired. Default 900. */
  expiresInSeconds?: number;
  issuer?: string;
  audience?: string;
  /** Default `at+jwt`. */
  type?: string;
}

/** An issuer of access tokens with a key set of its own, served over HTTP. */
export interface TestIssuer extends Closable {
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** The key that its tokens are verified with. */
  publicKey: JWK;
  sign(claims: TestTokenClaims): Promise<string>;
  /** Signs whatever it is given, for tokens that no issuer should have signed. */
  signRaw(header: JWTHeaderParameters, payload: JWTPayload): Promise<string>;
}

/** An extension that its signer understands and nobody else; jose refuses to sign what it does not know. */
export const unknownExtension = 'https://mawid.test/extension';

/** Starts an issuer on a free loopback port; give its `jwksUrl` to the service under test. */
export async function startTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const server = await serve(JSON.stringify({ keys: [jwk] }));
  const [issuer, audience] = ['https://mawid.sa', 'mawid'];
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    issuer,
    audience,
    publicKey: jwk,
    signRaw: (header, payload) =>
      new SignJWT(payload).setProtectedHeader(header).sign(privateKey, { crit: { [unknownExtension]: true } }),
    sign(claims) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(toPayload(claims))
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: claims.type ?? 'at+jwt' })
        .setIssuer(claims.issuer ?? issuer)
        .setAudience(claims.audience ?? audience)
        .setSubject(claims.userId)
        .setIssuedAt(now)
        .setExpirationTime(now + (claims.expiresInSeconds ?? 900))
        .sign(privateKey);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toPayload(claims: TestTokenClaims): JWTPayload {
  const { role = 'customer', sessionId = 'session-1', sessionVersion = 1, authTime = new Date() } = claims;
  return { role, sid: sessionId, ver: sessionVersion, amr: ['otp'], auth_time: Math.floor(authTime.getTime() / 1000) };
}

async function serve(body: string): Promise<Server> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
