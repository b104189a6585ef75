import type { Interceptor } from '@connectrpc/connect';
import type { Networks } from '../config/networks.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { auth } from './auth.ts';
import { deadline } from './deadline.ts';
import { errors } from './errors.ts';
import { serverTelemetry } from './server-telemetry.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { validation } from './validation.ts';

export interface ServerInterceptorOptions {
  telemetry: Telemetry;
  logger: Logger;
  /** From `createTokenVerifier`. */
  verifier: TokenVerifier;
  /** From where a forwarded client address is believed. */
  trustedPeers: Networks;
}

/** What happens around every RPC, outermost first. */
export function serverInterceptors(options: ServerInterceptorOptions): Interceptor[] {
  return [serverTelemetry(options.telemetry), errors(options.logger), deadline(), auth(options), validation()];
}
