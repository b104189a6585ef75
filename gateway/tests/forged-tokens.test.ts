import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forgeTokens, startTestIssuer, startTrap, type TestIssuer, type Trap } from '@mawid/service-kit/testing';
import { startTestGateway, type TestGateway } from './support/start.ts';

let issuer: TestIssuer;
let trap: Trap;
let gateway: TestGateway;

beforeAll(async () => {
  issuer = await startTestIssuer();
  trap = await startTrap();
  // No NATS and no identity: what a gateway makes of tokens by itself.
  const env = { IDENTITY_JWKS_URL: issuer.jwksUrl, NATS_URL: 'nats://127.0.0.1:9' };
  gateway = await startTestGateway(env, undefined, { verifier: undefined as never });
});

afterAll(async () => {
  await gateway.close();
  await trap.close();
  await issuer.close();
});

async function ask(token: string): Promise<{ status: number; code: string | undefined; challenge: string | null }> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${gateway.url}/api/whoami`, { headers });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code, challenge: response.headers.get('www-authenticate') };
}

describe('a forged access token in REST', () => {
  it('T1: is 401 with a challenge, whatever is wrong with it, and leads the gateway nowhere', async () => {
    const forged = await forgeTokens(issuer, trap.url);
    const refused = {
      status: 401,
      code: 'UNAUTHENTICATED',
      challenge: 'Bearer realm="mawid", error="invalid_token"',
    };
    const answers = Object.entries(forged).map(async ([name, token]) => [name, await ask(token)] as const);
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(
      Object.fromEntries(Object.keys(forged).map((name) => [name, refused])),
    );
    expect(trap.requests).toEqual([]);
  });

  it('lets the same route be read with a token that is right, though nobody can be asked about its session', async () => {
    expect(await ask(await issuer.sign({ userId: 'u1' }))).toMatchObject({ status: 200 });
  });
});
