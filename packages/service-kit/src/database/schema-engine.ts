import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

type EngineModule = typeof import('@prisma/schema-engine-wasm/schema_engine_bg') & {
  __wbg_set_wasm(exports: object): void;
  SchemaEngine: { new: (options: object, log: (line: string) => void, adapter: object) => Promise<SchemaEngine> };
};

// The bindings hold one instance of the program for the whole process: a second one would break engines at work.
let engineModule: Promise<EngineModule> | undefined;

/**
 * Lends Prisma's schema engine to `work`, on a connection of its own. The connection ends with it: the engine takes a
 * session lock and does not give it back.
 */
export async function withSchemaEngine<T>(databaseUrl: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  engineModule ??= loadEngine();
  const { SchemaEngine } = await engineModule;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

// The adapter would split a script at every semicolon, those in comments and function bodies too. PostgreSQL takes it
// whole, which also makes a migration one transaction unless it says otherwise.
class WholeScripts extends PrismaPg {
  override async connect(): Promise<Awaited<ReturnType<PrismaPg['connect']>>> {
    const connection = await super.connect();
    const own = connection as unknown as { client: pg.Pool; onError(error: unknown): never };
    connection.executeScript = async (script) => {
      await own.client.query(script).catch((error: unknown) => own.onError(error));
    };
    return connection;
  }
}

// TypeScript's library has WebAssembly only together with the browser's globals.
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, () => void> };
}

// The package imports its .wasm as a module, which needs a flag on some runtimes and does not work under Jest.
async function loadEngine(): Promise<EngineModule> {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const engine = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule;
  const wasm = new Module(readFileSync(join(folder, 'schema_engine_bg.wasm')));
  const { exports } = new Instance(wasm, { './schema_engine_bg.js': withoutWaiting(engine) });
  engine.__wbg_set_wasm(exports);
  exports.__wbindgen_start?.();
  return engine;
}

// The engine never clears the timer of its lock timeout, which would keep a process alive for ten seconds.
function withoutWaiting(engine: EngineModule): object {
  const name = Object.keys(engine).find((key) => key.startsWith('__wbg_setTimeout'));
  const setUnref = (callback: () => void, ms: number) => setTimeout(callback, ms >>> 0).unref();
  return name ? { ...engine, [name]: setUnref } : engine;
}
