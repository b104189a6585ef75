// npm run check: format, lint, types, contract, generated code, import direction. Every step runs; the exit code tells.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateGatewayTestProtos } from '../gateway/gen.ts';
import { generateRpcProtos } from '../packages/rpc/gen.ts';
import { generateSourceInfo } from './gen-source-info.ts';
import { findBreaches } from './import-direction.ts';
import { clientTypesPath, generateClientTypes, withDocument } from './openapi-files.ts';
import { ensureTools, root, tool } from './tools.ts';

const generatedFolders = [
  'packages/contracts/gen',
  'packages/rpc/src/gen',
  'packages/rpc/tests/gen',
  'gateway/tests/gen',
];

interface Step {
  readonly name: string;
  run(): void | Promise<void>;
}

const steps: readonly Step[] = [
  { name: 'format and lint', run: () => command(tool('biome'), ['ci', '--colors=off', '.']) },
  { name: 'types', run: () => command(tool('tsc'), ['--noEmit', '-p', '.']) },
  { name: 'contract lint', run: () => command(tool('buf'), ['lint', '--path', 'proto/mawid']) },
  { name: 'contract format', run: () => command(tool('buf'), ['format', '--diff', '--exit-code', 'proto']) },
  { name: 'contract compatible with the released one', run: assertNotBreaking },
  { name: 'generated code is current', run: assertGeneratedIsCurrent },
  { name: 'OpenAPI document (Redocly)', run: assertRedoclyPasses },
  { name: 'OpenAPI document (Spectral, OWASP)', run: assertSpectralPasses },
  { name: 'generated client is current', run: assertClientIsCurrent },
  { name: 'import direction', run: assertImportDirection },
];

/** Runs every check and tells how many passed and failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  ensureTools();
  const { generatePrismaClients } = await import('./gen-prisma.ts');
  await generatePrismaClients();
  const { printValidateProto } = await import('./print-validate-proto.ts');
  printValidateProto(join(root, 'tools', '.buf', 'validate'));
  const results: boolean[] = [];
  for (const step of steps) results.push(await runStep(step));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runStep(step: Step): Promise<boolean> {
  try {
    await step.run();
    console.log(`✓ ${step.name}`);
    return true;
  } catch (error) {
    console.log(`✗ ${step.name}\n${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Checks tell nobody about us and ask nobody whether they are new. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function command(name: string, args: readonly string[]): void {
  const result = spawnSync(name, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`);
}

function assertNotBreaking(): void {
  command(tool('buf'), ['breaking', 'proto', '--against', 'proto/released.binpb']);
}

function assertGeneratedIsCurrent(): void {
  const folder = mkdtempSync(join(tmpdir(), 'mawid-gen-'));
  try {
    cpSync(join(root, 'packages/contracts/package.json'), join(folder, 'package.json'));
    execFileSync(tool('buf'), ['generate', '--output', folder], { cwd: root, stdio: 'pipe' });
    const fresh = join(folder, 'packages/contracts/gen');
    rmSync(join(fresh, 'buf'), { recursive: true, force: true });
    generateSourceInfo(fresh);
    generateRpcProtos(join(folder, 'packages/rpc'));
    generateGatewayTestProtos(join(folder, 'gateway'));
    const different = generatedFolders.flatMap((it) =>
      differences(join(folder, it), join(root, it)).map((name) => join(it, name)),
    );
    if (different.length > 0) throw new Error(`run "npm run gen"; not current:\n${different.join('\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function differences(left: string, right: string): string[] {
  const names = new Set([left, right].flatMap(filesBelow));
  return [...names].filter((name) => textOf(join(left, name)) !== textOf(join(right, name)));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|ts|json)$/.test(name));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function assertRedoclyPasses(): Promise<void> {
  const args = ['lint', '--config', 'tools/openapi/redocly.yaml', '--format', 'stylish'];
  return withDocument((path) => command(tool('redocly'), [...args, path]));
}

function assertSpectralPasses(): Promise<void> {
  const args = ['lint', '--ruleset', 'tools/openapi/spectral.yaml', '--format', 'text', '--fail-severity', 'error'];
  return withDocument((path) => command(tool('spectral'), [...args, path]));
}

async function assertClientIsCurrent(): Promise<void> {
  if ((await generateClientTypes()) !== textOf(join(root, clientTypesPath))) {
    throw new Error(`run "npm run gen"; not current: ${clientTypesPath}`);
  }
}

function assertImportDirection(): void {
  const breaches = findBreaches();
  if (breaches.length > 0) {
    throw new Error(breaches.map((it) => `${it.file} imports ${it.imports}: ${it.rule}`).join('\n'));
  }
}

if (import.meta.main) {
  const { failed } = await runChecks();
  process.exitCode = failed === 0 ? 0 : 1;
}
