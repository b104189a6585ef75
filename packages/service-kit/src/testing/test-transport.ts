import { createRouterTransport, type Interceptor, type Transport } from '@connectrpc/connect';
import { peerAddress, type Routes } from '@mawid/rpc';
import { parseNetworks } from '../config/networks.ts';
import { createLogger, type Logger } from '../logger/create-logger.ts';
import { callHeader } from '../rpc/call-headers.ts';
import type { Role } from '../rpc/caller.ts';
import { serverInterceptors } from '../rpc/server-interceptors.ts';
import { createTokenVerifier, type TokenVerifier } from '../rpc/token-verifier.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start-telemetry.ts';
import type { TestIssuer } from './test-issuer.ts';

export interface TestTransportOptions {
  /** Verifies real tokens; without it, tokens of `testToken` are believed. */
  issuer?: TestIssuer;
  /** Where calls seem to come from. Default 127.0.0.1. */
  remoteAddress?: string;
  logger?: Logger;
  telemetry?: Telemetry;
}

/** A logger that writes nothing. */
export function silentLogger(): Logger {
  return createLogger({ name: 'test', level: 'silent' });
}

/** A token that only a `createTestTransport` without an issuer believes. */
export function testToken(user: { userId: string; role?: Role; sessionId?: string }): string {
  return `test.${Buffer.from(JSON.stringify(user)).toString('base64url')}`;
}

/** Headers of a caller: a user's token, a calling service, or any others. */
export function headersOf(caller: { token?: string; peer?: string; [header: string]: string | undefined }): Headers {
  const { token, peer, ...others } = caller;
  const headers = new Headers();
  if (token) headers.set(callHeader.authorization, `Bearer ${token}`);
  if (peer) headers.set(callHeader.peer, peer);
  for (const [name, value] of Object.entries(others)) if (value !== undefined) headers.set(name, value);
  return headers;
}

/** An in-memory transport to `routes`, inside the interceptors that a real server has. */
export function createTestTransport(routes: Routes, options: TestTransportOptions = {}): Transport {
  const interceptors = serverInterceptors({
    telemetry: options.telemetry ?? startTelemetry({ service: 'test' }),
    logger: options.logger ?? silentLogger(),
    verifier: options.issuer ? createTokenVerifier(options.issuer) : createTrustingVerifier(),
    trustedPeers: parseNetworks('127.0.0.0/8,::1') ?? { includes: () => false },
  });
  return createRouterTransport(routes, {
    router: { interceptors: [fromAddress(options.remoteAddress ?? '127.0.0.1'), ...interceptors] },
  });
}

function fromAddress(address: string): Interceptor {
  return (next) => (request) => {
    request.contextValues.set(peerAddress, address);
    return next(request);
  };
}

function createTrustingVerifier(): TokenVerifier {
  return {
    async verify(token) {
      const [, payload = ''] = /^test\.(.+)$/.exec(token) ?? [];
      if (payload === '') return undefined;
      const user = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { userId: string; role?: Role };
      return { role: 'customer', sessionId: 'session-1', sessionVersion: 1, expiresAt: Date.now() + 900_000, ...user };
    },
  };
}
