import { PortInUseError } from '@mawid/rpc';
import type { CoreConfig } from '../config/core-config.ts';
import { ConfigError } from '../config/load-settings.ts';
import { StartupError } from '../errors/startup-error.ts';
import type { RunningService, ServiceContext, ServiceDefinition } from './definition.ts';
import { startService } from './start-service.ts';

/**
 * The whole life of a service's process. A reason not to start is one line on stderr and exit code 1. SIGTERM or SIGINT end
 * it gracefully, within DRAIN_GRACE_MS, with exit code 0.
 */
export async function runMain<C extends { core: CoreConfig }, X extends ServiceContext>(
  definition: ServiceDefinition<C, X>,
): Promise<void> {
  let config: C | undefined;
  try {
    config = definition.loadConfig(process.env);
    const running = await startService(definition, config);
    const { logger } = running.ctx;
    endOnSignal(running, config.core.drainGraceMs);
    logger.info({ grpc_port: running.grpcPort, http_port: running.httpPort }, 'ready');
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${definition.name}: ${toLine(error, config?.core)}\n`);
    // Sockets that a failed start leaves behind (a pool that still dials) must not keep the process.
    setTimeout(() => process.exit(), 1_000).unref();
  }
}

function toLine(error: unknown, core: CoreConfig | undefined): string {
  if (error instanceof PortInUseError) return `port ${error.port} is in use (${settingOf(error.port, core)})`;
  if (error instanceof ConfigError || error instanceof StartupError) return error.message.replaceAll(/\s*\n\s*/g, ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function settingOf(port: number, core: CoreConfig | undefined): string {
  return `${core?.name.toUpperCase()}_${port === core?.httpPort ? 'HTTP' : 'GRPC'}_PORT`;
}

function endOnSignal<X extends ServiceContext>(running: RunningService<X>, graceMs: number): void {
  const { logger } = running.ctx;
  let isEnding = false;

  async function end(reason: string, code: number): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    logger.info({ reason }, 'stopping');
    const late = setTimeout(() => finish(1, 'stopped late: the grace time is over'), graceMs);
    try {
      await running.close();
      finish(code, 'stopped');
    } catch (error) {
      logger.error({ err: error }, 'stopping failed');
      finish(1, 'stopped');
    }
    clearTimeout(late);
  }

  function finish(code: number, text: string): void {
    logger.info({ exit_code: code }, text);
    process.exit(code);
  }

  process.on('SIGTERM', () => void end('SIGTERM', 0));
  process.on('SIGINT', () => void end('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    void end('uncaught exception', 1);
  });
}
