import type { Interceptor } from '@connectrpc/connect';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { type AuthOptions, auth } from './auth.ts';
import { deadline } from './deadline.ts';
import { errors } from './errors.ts';
import { serverTelemetry } from './server-telemetry.ts';
import { undeclaredReasons } from './undeclared-reasons.ts';
import { validation } from './validation.ts';

/** With what is needed to know who calls. */
export interface ServerInterceptorOptions extends AuthOptions {
  telemetry: Telemetry;
  logger: Logger;
}

/** What happens around every RPC, outermost first. */
export function serverInterceptors(options: ServerInterceptorOptions): Interceptor[] {
  return [
    serverTelemetry(options.telemetry),
    errors(options.logger, undeclaredReasons(options)),
    deadline(),
    auth(options),
    validation(),
  ];
}
