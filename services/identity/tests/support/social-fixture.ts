import { headersOf, testToken } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import type { SocialProvider } from '../../src/domain/social-identity.ts';
import { type IdentityFixture, startIdentity } from '../identity-fixture.ts';
import { type SocialStandin, startSocialStandin } from './social-standin.ts';

/** Identity beside a stand-in for Google and Apple. */
export interface SocialFixture {
  identity: IdentityFixture;
  standin: SocialStandin;
  /** A user with a verified phone and a session that has just begun. */
  newUser(): Promise<SignedIn>;
  link(user: SignedIn, provider: SocialProvider, link?: LinkShape): Promise<{ id: string; email: string }>;
  signIn(
    provider: SocialProvider,
    claims?: Record<string, unknown>,
    nonce?: string,
  ): ReturnType<Auth['signInWithIdToken']>;
  /** The kinds and reasons of what the audit log tells of a user. */
  auditOf(userId: string, kind: string): Promise<{ outcome: string; reason: string; details: object }[]>;
  noticesOf(userId: string): Promise<number>;
  close(): Promise<void>;
}

type Auth = IdentityFixture['auth'];

export interface SignedIn {
  id: string;
  phoneNumber: string;
  headers: Headers;
}

export interface LinkShape {
  subject?: string;
  claims?: Record<string, unknown>;
  authorizationCode?: string;
}

export async function startSocial(): Promise<SocialFixture> {
  // The stand-in tells the time by identity's clock, which is there only once it runs.
  let now = () => new Date();
  const standin = await startSocialStandin(() => now());
  const identity = await startIdentity(standin.env).catch(async (error: unknown) => {
    await standin.close();
    throw error;
  });
  now = () => identity.clock.now();
  return {
    identity,
    standin,
    newUser: () => insertSignedIn(identity),
    async link({ headers }, provider, { subject = `${provider}-subject`, claims, authorizationCode = '' } = {}) {
      const idToken = await standin.idToken(provider, { claims: { sub: subject, ...claims } });
      return identity.identities.linkIdentity({ provider, idToken, authorizationCode }, { headers });
    },
    async signIn(provider, claims = {}, nonce = '') {
      return identity.auth.signInWithIdToken({ provider, idToken: await standin.idToken(provider, { claims }), nonce });
    },
    auditOf: (userId, kind) =>
      identity.rows(
        'SELECT outcome, reason, details FROM audit_log WHERE user_id = $1 AND kind = $2 ORDER BY id',
        userId,
        kind,
      ),
    async noticesOf(userId) {
      const rows = await identity.rows<{ payload: Buffer }>(
        `SELECT payload FROM outbox WHERE subject = 'identity.security.v1.noticed'`,
      );
      return rows.filter(({ payload }) => payload.includes(userId)).length;
    },
    async close() {
      await identity.close();
      await standin.close();
    },
  };
}

async function insertSignedIn({ rows, newPhone, clock }: IdentityFixture): Promise<SignedIn> {
  const [id, sessionId, phoneNumber, now] = [uuidv7(), uuidv7(), newPhone(), clock.now()];
  await rows(
    'INSERT INTO users (id, phone_number, verified_at, created_at, updated_at) VALUES ($1, $2, $3, $3, $3)',
    ...[id, phoneNumber, now],
  );
  await rows(
    `INSERT INTO sessions (id, user_id, amr, authenticated_at, last_used_at, expires_at)
     VALUES ($1, $2, '{otp}', $3, $3, $3::timestamptz + interval '30 days')`,
    ...[sessionId, id, now],
  );
  return { id, phoneNumber, headers: headersOf({ token: testToken({ userId: id, sessionId }) }) };
}
