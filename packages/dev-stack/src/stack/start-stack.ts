import { createDatabases, type DatabaseName, databaseNames } from '../infrastructure/databases.ts';
import { startInfrastructure } from '../infrastructure/infrastructure.ts';
import { toInfrastructureSettings } from '../infrastructure/settings.ts';
import type { ManagedProcess } from '../processes/program.ts';
import { isSeeded, markSeeded } from '../seed/seed-mark.ts';
import { prepareDataFolder } from './data-folder.ts';
import { type Ports, resolvePorts } from './ports.ts';
import { toServicePrograms, toStandinPrograms } from './programs.ts';
import { loadSecrets } from './secrets.ts';
import { waitUntilSettled } from './settled.ts';
import type { ProgramName, Stack, StackOptions } from './stack.ts';
import { startAll } from './start-all.ts';

type Close = () => Promise<void>;

/**
 * Boots the whole system, each service a process of its own, and fills it on the first start. Rejects with an error
 * whose message says in plain words what is wrong (a port in use, no NATS server, a service that refuses its settings),
 * and leaves nothing running then.
 */
export async function startStack(options: StackOptions, base: NodeJS.ProcessEnv = process.env): Promise<Stack> {
  const opened: Close[] = [];
  let closing: Promise<void> | undefined;
  // In reverse, once.
  const close = () => {
    closing ??= closeAll(opened);
    return closing;
  };
  try {
    return await boot(options, base, opened, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function closeAll(opened: Close[]): Promise<void> {
  for (const close of opened.toReversed()) await close();
}

async function boot(options: StackOptions, base: NodeJS.ProcessEnv, opened: Close[], close: Close): Promise<Stack> {
  const { dataFolder } = options;
  const env = { ...base, ...options.env };
  await prepareDataFolder(dataFolder, options.fresh ?? false);
  const [ports, secrets] = await Promise.all([resolvePorts(options.ports, env), loadSecrets(dataFolder)]);
  const start = { ...options, base, overrides: options.env ?? {}, ports };
  const grounds = await settleAll([
    startGrounds(options, env, ports, secrets.databasePasswords, opened),
    startPrograms(() => startAll(toStandinPrograms(start)), opened),
    generateClients(),
  ]);
  const [{ postgresUrl, natsUrl, databaseUrls }, standins] = grounds;
  const services = await startPrograms(
    () => startAll(toServicePrograms({ ...start, secrets, databaseUrls, natsUrl })),
    opened,
  );
  const stack = toStack(ports, { natsUrl, databaseUrls }, [...standins, ...services], close);
  if (options.seed !== false && !(await isSeeded(dataFolder, postgresUrl))) {
    const { seed } = await import('../seed/seed.ts');
    await seed({ ...stack, certificates: options.certificates?.ops });
    await markSeeded(dataFolder, postgresUrl);
  }
  return stack;
}

// Loaded here, and the seed on a first start, for both are heavy and whoever only needs test infrastructure needs neither.
async function generateClients(): Promise<void> {
  const { generatePrismaClients } = await import('../../../../scripts/gen-prisma.ts');
  await generatePrismaClients();
}

// Waits for all, so that what starts late is on the list of what must be closed before the first error is thrown.
async function settleAll<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(work as readonly Promise<unknown>[]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

async function startGrounds(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  ports: Ports,
  passwords: Record<DatabaseName, string>,
  opened: Close[],
) {
  const infrastructure = await startInfrastructure({
    folder: options.dataFolder,
    settings: toInfrastructureSettings(env),
    durable: options.durable ?? true,
    postgresPort: ports.postgres,
    natsPort: ports.nats,
  });
  opened.unshift(infrastructure.close);
  const { postgresUrl, natsUrl } = infrastructure;
  return { postgresUrl, natsUrl, databaseUrls: await createDatabases(postgresUrl, passwords) };
}

async function startPrograms(start: () => Promise<ManagedProcess[]>, opened: Close[]): Promise<ManagedProcess[]> {
  const processes = await start();
  opened.push(async () => void (await Promise.all(processes.map((process) => process.stop()))));
  return processes;
}

function toStack(
  ports: Ports,
  grounds: Pick<Stack, 'natsUrl' | 'databaseUrls'>,
  list: readonly ManagedProcess[],
  close: Close,
): Stack {
  const at = (port: number) => `127.0.0.1:${port}`;
  const processes = Object.fromEntries(list.map((each) => [each.name, each])) as Record<ProgramName, ManagedProcess>;
  const each = <T>(value: (name: DatabaseName) => T) =>
    Object.fromEntries(databaseNames.map((name) => [name, value(name)])) as Record<DatabaseName, T>;
  return {
    ports,
    ...grounds,
    urls: {
      gateway: `http://${at(ports.gateway)}`,
      moyasar: `http://${at(ports.moyasar)}`,
      messages: `http://${at(ports.messages)}`,
      http: each((name) => `http://${at(ports[`${name}Http`])}`),
    },
    grpc: each((name) => at(ports[`${name}Grpc`])),
    processes,
    services: each((name) => processes[name]),
    settled: (timeoutMs = 15_000) =>
      waitUntilSettled({ databaseUrls: Object.values(grounds.databaseUrls), natsUrl: grounds.natsUrl, timeoutMs }),
    close,
  };
}
