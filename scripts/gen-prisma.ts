// Generates each service's Prisma client into services/<service>/src/db/generated, without the prisma CLI and offline.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** The parts of Prisma's internal API that are used here; the packages are pinned to one version. */
interface PrismaInternals {
  loadSchemaContext(options: object): Promise<object>;
  getGenerators(options: object): Promise<{ generate(): Promise<void>; stop(): void }[]>;
}

/** Generates what is missing or older than its schema. */
export async function generatePrismaClients(): Promise<void> {
  const services = readdirSync(join(root, 'services')).filter((service) => existsSync(schemaOf(service)));
  const stale = services.filter((service) => !isCurrent(service));
  for (const service of stale) await generate(service);
}

function schemaOf(service: string): string {
  return join(root, 'services', service, 'prisma', 'schema.prisma');
}

function outputOf(service: string): string {
  return join(root, 'services', service, 'src', 'db', 'generated');
}

function stampOf(service: string): string {
  return join(outputOf(service), '.schema-hash');
}

function isCurrent(service: string): boolean {
  return existsSync(stampOf(service)) && readFileSync(stampOf(service), 'utf8') === hashOf(service);
}

function hashOf(service: string): string {
  const { devDependencies } = require('../package.json') as { devDependencies: Record<string, string> };
  return createHash('sha256')
    .update(devDependencies['@prisma/client-generator-ts'] ?? '')
    .update(readFileSync(schemaOf(service)))
    .digest('hex');
}

async function generate(service: string): Promise<void> {
  // Any existing file will do: no engine is run, but Prisma would try to download one.
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
  const { getGenerators, loadSchemaContext } = require('@prisma/internals') as PrismaInternals;
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
  const schemaContext = await loadSchemaContext({
    schemaPath: { cliProvidedPath: schemaOf(service) },
    printLoadMessage: false,
    cwd: join(root, 'services', service),
  });
  rmSync(outputOf(service), { recursive: true, force: true });
  const generators = await getGenerators({
    schemaContext,
    registry: { 'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() } },
    printDownloadProgress: false,
  });
  for (const generator of generators) {
    await generator.generate();
    generator.stop();
  }
  mkdirSync(outputOf(service), { recursive: true });
  writeFileSync(stampOf(service), hashOf(service));
}

if (import.meta.main) await generatePrismaClients();
