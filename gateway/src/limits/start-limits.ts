import type { AddressSet } from '../http/client-address.ts';
import type { LimitMetrics } from '../telemetry.ts';
import { type CounterTable, createCounterTable } from './counter-table.ts';
import { createExactGate } from './exact-gate.ts';
import type { Gate } from './gate.ts';
import { createKeyDigest } from './key-digest.ts';
import { createLimitStore, type LimitStore } from './limit-store.ts';
import { createLimits, type Limits } from './limits.ts';
import { createLocalGate } from './local-gate.ts';
import { startNatsLink } from './nats-link.ts';
import { type ClassRates, policiesOf } from './policy.ts';
import { type RateClassName, rateClasses } from './rate-class.ts';
import { createUsageExchange } from './usage-exchange.ts';

/** What the gateway needs of a logger here. */
export interface LinkLog {
  info(object: object, message: string): void;
  warn(object: object, message: string): void;
}

export interface StartLimitsOptions {
  readonly rates: Readonly<Record<RateClassName, ClassRates>>;
  /** Of the digests that stand for users and addresses; the same in all replicas. */
  readonly secret: string;
  readonly natsUrl: string;
  /** Copies of the store's streams. */
  readonly streamReplicas: number;
  readonly trustedProxies: AddressSet;
  readonly metrics: LimitMetrics;
  readonly log: LinkLog;
  now(): number;
}

export interface RunningLimits extends Limits {
  close(): Promise<void>;
}

/** Classes whose limits the store counts, exactly and for all replicas. */
const exactClasses: ReadonlySet<RateClassName> = new Set(['sign-in', 'spend']);
/** Classes that are shut while the store is away. */
const shutClasses: ReadonlySet<RateClassName> = new Set(['spend']);
const sweepMs = 10_000;

/** Starts the limits. Waits a second at most for NATS, and works without. */
export async function startLimits(options: StartLimitsOptions): Promise<RunningLimits> {
  const { rates, metrics, now } = options;
  const tables = rateClasses.flatMap((name) =>
    policiesOf(name, rates[name]).map((policy) => createCounterTable(policy)),
  );
  const byPolicy = new Map(tables.map((table) => [table.policy.name, table]));
  const connection = () => link?.current();
  const exchange = createUsageExchange({
    connection,
    onUsage: ([policy, key, uses]) => byPolicy.get(policy)?.addTold(key, now(), uses),
  });
  const store = createLimitStore({
    policies: tables.map((table) => table.policy).filter((policy) => exactClasses.has(policy.rateClass)),
    replicas: options.streamReplicas,
    connection,
    now,
    onFailure: (policy) => metrics.storeFailed(policy.rateClass),
  });
  let link: Awaited<ReturnType<typeof startNatsLink>> | undefined;
  link = await startNatsLink({
    url: options.natsUrl,
    prepare: async (nats) => {
      await store.prepare(nats);
      exchange.listen(nats);
    },
    onChange: tellOf(options.log),
  });
  const gates = createGates({ tables, store, now, tell: exchange.tell });
  const limits = createLimits({
    gates,
    trustedProxies: options.trustedProxies,
    digest: createKeyDigest(options.secret),
    now,
    onRefusal: (policy) => metrics.refused(policy.rateClass, policy.kind),
  });
  const sweeping = startSweeping(tables, now);
  return {
    ...limits,
    async close() {
      clearInterval(sweeping);
      exchange.close();
      await link?.close();
    },
  };
}

interface GateParts {
  readonly tables: readonly CounterTable[];
  readonly store: LimitStore;
  now(): number;
  tell(policy: string, key: string, uses: number): void;
}

function createGates({ tables, store, now, tell }: GateParts): Record<RateClassName, Gate> {
  const gates = rateClasses.map((name) => {
    const own = tables.filter((table) => table.policy.rateClass === name);
    const local = createLocalGate({ tables: own, now, tell });
    if (!exactClasses.has(name)) return [name, local];
    return [name, createExactGate({ store, local, failsOpen: !shutClasses.has(name), now })];
  });
  return Object.fromEntries(gates) as Record<RateClassName, Gate>;
}

function startSweeping(tables: readonly CounterTable[], now: () => number): NodeJS.Timeout {
  return setInterval(() => {
    for (const table of tables) table.sweep(now());
  }, sweepMs).unref();
}

function tellOf(log: LinkLog): (isUp: boolean, error?: unknown) => void {
  let told: boolean | undefined;
  return (isUp, error) => {
    if (told === isUp) return;
    told = isUp;
    if (isUp) log.info({}, 'limits are shared through NATS');
    else
      log.warn(
        { err: error },
        'NATS is away: routes that spend money are shut, other limits count in this process alone',
      );
  };
}
