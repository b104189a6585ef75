import { createGrpcTransport } from '@mawid/rpc';
import type { CoreConfig } from '../config/core-config.ts';
import { clientInterceptors } from '../rpc/client-interceptors.ts';
import { type SessionWatch, startSessionWatch } from '../sessions/session-watch.ts';
import type { ServiceContext } from './definition.ts';

/** Lets a service know of ended sessions. Identity asks nobody: its handlers look into its database. */
export function openSessionWatch({ name, identityAddress }: CoreConfig, ctx: ServiceContext): SessionWatch {
  const { nats, logger, telemetry, certificates } = ctx;
  const interceptors = clientInterceptors({ peer: name, telemetry });
  const identity =
    name === 'identity' ? undefined : createGrpcTransport(identityAddress, { interceptors, certificates });
  const watch = startSessionWatch({
    connect: () => (nats ? Promise.resolve(nats) : Promise.reject(new Error('the service has no connection to NATS'))),
    identity,
    logger,
    telemetry,
  });
  return {
    ...watch,
    async close() {
      await watch.close();
      identity?.close();
    },
  };
}
