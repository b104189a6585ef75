import type { Transport } from '@connectrpc/connect';
import { isServing } from './health-check.ts';

/** Whether requests can be sent here: by service, whether it serves. */
export interface Readiness {
  check(): Promise<Readonly<Record<string, boolean>>>;
  /** Says no from now on, whatever the services say. */
  shutdown(): void;
}

export interface ReadinessOptions {
  readonly transports: Readonly<Record<string, Transport>>;
  readonly now: () => number;
}

const timeoutMs = 1_000;
/** Probes come from several sides; the services are asked once a second at most. */
const keptMs = 1_000;

export function createReadiness({ transports, now }: ReadinessOptions): Readiness {
  let down = false;
  let kept: { until: number; result: Promise<Record<string, boolean>> } | undefined;
  return {
    check: async () => {
      if (down) return { gateway: false };
      if (kept === undefined || kept.until <= now()) kept = { until: now() + keptMs, result: checkAll(transports) };
      return kept.result;
    },
    shutdown: () => {
      down = true;
    },
  };
}

async function checkAll(transports: Readonly<Record<string, Transport>>): Promise<Record<string, boolean>> {
  const entries = Object.entries(transports).map(
    async ([name, transport]) => [name, await isServing(transport, timeoutMs)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
