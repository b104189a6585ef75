import type { Transport } from '@connectrpc/connect';
import {
  type Closable,
  connectNats,
  createTokenVerifier,
  type Logger,
  type NatsConnection,
  startSessionWatch,
  type Telemetry,
} from '@mawid/service-kit';
import type { GatewayConfig } from '../config.ts';
import type { TokenVerifier } from './authenticate.ts';

export interface VerifierParts {
  /** Undefined where no identity is set: sessions are then known from the event stream alone. */
  readonly identity: Transport | undefined;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** A verifier that hears of ended sessions over a connection of its own: limits may be off, and must not be waited for. */
export function openVerifier(config: GatewayConfig, parts: VerifierParts): TokenVerifier & Closable {
  const { jwksUrl, tokenIssuer: issuer, tokenAudience: audience } = config;
  const connection = createConnection(config.natsUrl);
  const watch = startSessionWatch({ connect: connection.get, ...parts });
  const verifier = createTokenVerifier({ jwksUrl, issuer, audience }, watch);
  return {
    verify: verifier.verify,
    async close() {
      await watch.close();
      await connection.close();
    },
  };
}

// Once there, a connection comes back by itself for ever.
function createConnection(url: string) {
  let nats: NatsConnection | undefined;
  let isClosing = false;
  return {
    async get(): Promise<NatsConnection> {
      if (nats && !nats.isClosed()) return nats;
      const opened = await connectNats({ url, name: 'gateway-sessions' });
      nats = opened;
      if (isClosing) await opened.close();
      return opened;
    },
    async close(): Promise<void> {
      isClosing = true;
      await nats?.close();
    },
  };
}
