import { unavailable, waysToNats, waysToPostgres } from './infrastructure-error.ts';

/** A PostgreSQL or NATS in a container. */
export interface Container {
  url: string;
  close(): Promise<void>;
}

/** The part of testcontainers that we use; the package is not a dependency, for most people never need it. */
interface Testcontainers {
  GenericContainer: new (image: string) => Builder;
  Wait: { forLogMessage(message: RegExp, times?: number): unknown };
}

interface Builder {
  withEnvironment(environment: Record<string, string>): Builder;
  withCommand(command: string[]): Builder;
  withExposedPorts(port: number): Builder;
  withWaitStrategy(strategy: unknown): Builder;
  start(): Promise<{ getHost(): string; getMappedPort(port: number): number; stop(): Promise<unknown> }>;
}

/** Starts PostgreSQL 18 in Docker and returns its superuser's URL. */
export async function startPostgresContainer(): Promise<Container> {
  const { GenericContainer, Wait } = await loadTestcontainers('PostgreSQL', waysToPostgres);
  const builder = new GenericContainer('postgres:18')
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'log_error_verbosity=terse'])
    .withExposedPorts(5432)
    // It boots once to make the cluster and a second time to serve.
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2));
  return run('PostgreSQL', builder, 5432, waysToPostgres, (at) => `postgres://postgres:postgres@${at}/postgres`);
}

/** Starts NATS with JetStream in Docker. */
export async function startNatsContainer(): Promise<Container> {
  const { GenericContainer, Wait } = await loadTestcontainers('NATS', waysToNats);
  const builder = new GenericContainer('nats:2.12')
    .withCommand(['--jetstream'])
    .withExposedPorts(4222)
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/));
  return run('NATS', builder, 4222, waysToNats, (at) => `nats://${at}`);
}

async function loadTestcontainers(what: string, ways: readonly string[]): Promise<Testcontainers> {
  const name: string = 'testcontainers';
  try {
    return (await import(name)) as Testcontainers;
  } catch {
    throw unavailable(what, 'MAWID_INFRASTRUCTURE=testcontainers, but that package is not installed', ways);
  }
}

async function run(
  what: string,
  builder: Builder,
  port: number,
  ways: readonly string[],
  toUrl: (at: string) => string,
): Promise<Container> {
  try {
    const container = await builder.start();
    const url = toUrl(`${container.getHost()}:${container.getMappedPort(port)}`);
    return { url, close: async () => void (await container.stop()) };
  } catch (error) {
    throw unavailable(what, `Docker could not run it: ${(error as Error).message.split('\n')[0]}`, ways);
  }
}
