import { PortInUseError } from '@mawid/rpc';
import { ConfigError } from '@mawid/service-kit';
import { RouteError } from './rest/boot-error.ts';
import type { gateway, RunningGateway } from './service.ts';

/**
 * The whole life of the process. A reason not to start is told on stderr, with exit code 1. SIGTERM or SIGINT end it gracefully, within DRAIN_GRACE_MS,
 * with exit code 0.
 */
export async function runMain(definition: typeof gateway): Promise<void> {
  try {
    const config = definition.loadConfig(process.env);
    const running = await definition.start(config);
    endOnSignal(running, config.drainGraceMs);
    running.ctx.logger.info({ http_port: running.port, metrics_port: running.metricsPort }, 'ready');
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${definition.name}: ${toText(error)}\n`);
  }
}

function toText(error: unknown): string {
  if (error instanceof PortInUseError) return `port ${error.port} is in use (GATEWAY_PORT, GATEWAY_METRICS_PORT)`;
  if (error instanceof ConfigError || error instanceof RouteError) return error.message;
  // An address that is not this machine's, a port that only root may take.
  if (error instanceof Error && 'syscall' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function endOnSignal(running: RunningGateway, graceMs: number): void {
  const { logger } = running.ctx;
  let ending = false;

  function finish(code: number, text: string): void {
    logger.info({ exit_code: code }, text);
    process.exit(code);
  }

  async function end(reason: string, code: number): Promise<void> {
    if (ending) return;
    ending = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => finish(1, 'stopped late: the grace time is over'), graceMs).unref();
    try {
      await running.close();
      finish(code, 'stopped');
    } catch (error) {
      logger.error({ err: error }, 'stopping failed');
      finish(1, 'stopped');
    }
  }

  process.on('SIGTERM', () => void end('SIGTERM', 0));
  process.on('SIGINT', () => void end('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    void end('uncaught exception', 1);
  });
}
