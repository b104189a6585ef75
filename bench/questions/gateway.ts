import { startTestIssuer } from '@mawid/service-kit/testing';
import { type Child, startChild } from '../src/child.ts';
import type { Candidate, Comparison } from '../src/compare.ts';
import type { Load } from '../src/measure.ts';
import type { Timing } from '../src/repeat.ts';

export const question =
  'What does REST cost? POST of 300 bytes with a token through the gateway to a service that echoes it';
export const load: Load = { rounds: 7, requests: 2_000, concurrency: 16 };

const throughConnect = 'gateway → connect-node';

interface Start {
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  readonly profileFolder: string | undefined;
}

export async function start(profileFolder: string | undefined): Promise<Comparison> {
  const issuer = await startTestIssuer();
  const token = await issuer.sign({ userId: '01890a5d-ac96-774b-bcce-b302099a8059', expiresInSeconds: 600 });
  const env = {
    GATEWAY_PORT: '0',
    GATEWAY_METRICS_PORT: '0',
    LOG_LEVEL: 'warn',
    // One user makes all requests; the counters are NATS', which is not what is measured.
    RATE_LIMITS: 'off',
    IDENTITY_JWKS_URL: issuer.jwksUrl,
    TOKEN_ISSUER: issuer.issuer,
    TOKEN_AUDIENCE: issuer.audience,
  };
  const base = { token, env, profileFolder };
  const unsampled = { ...base, env: { ...env, OTEL_TRACES_SAMPLER_ARG: '0' } };
  const candidates = [
    await startBare(base),
    await startGateway('gateway → packages/rpc', 'ours', base),
    await startGateway('  the same, no trace sampled', 'ours', unsampled),
    await startGateway(throughConnect, 'connect', base),
  ];
  const close = async (): Promise<void> => {
    for (const candidate of candidates) await candidate.close();
    await issuer.close();
  };
  return { candidates, reference: throughConnect, counted: ['gateway'], close };
}

async function startBare({ token, profileFolder }: Start): Promise<Candidate> {
  const server = await startChild('json-echo', { profileFolder });
  return toCandidate('bare node:http', await startLoad(server, token), { gateway: server });
}

async function startGateway(name: string, library: string, { token, env, profileFolder }: Start): Promise<Candidate> {
  const service = await startChild('book-service', { args: [library], profileFolder });
  const gateway = await startChild('gateway', { args: [library, String(service.said.port)], env, profileFolder });
  return toCandidate(name, await startLoad(gateway, token), { gateway, service });
}

function startLoad(server: Child, token: string): Promise<Child> {
  return startChild('http-load', { args: [String(server.said.port), token] });
}

function toCandidate(name: string, client: Child, servers: Readonly<Record<string, Child>>): Candidate {
  return {
    name,
    processes: Object.fromEntries(Object.entries(servers).map(([each, { pid }]) => [each, pid])),
    run: (batch) => client.ask<Timing>(batch),
    async close() {
      for (const child of [client, ...Object.values(servers)]) await child.close();
    },
  };
}
