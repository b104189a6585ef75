// npm run gen: everything that is generated from the protos and the Prisma schemas.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureTools, root, run, tool } from './tools.ts';

ensureTools();
const { printValidateProto } = await import('./print-validate-proto.ts');
printValidateProto(join(root, 'tools', '.buf', 'validate'));
run(tool('buf'), ['generate']);
// buf writes the imports too; this one lives in a package.
rmSync(join(root, 'packages/contracts/gen/buf'), { recursive: true, force: true });
const { generateSourceInfo } = await import('./gen-source-info.ts');
generateSourceInfo(join(root, 'packages/contracts/gen'));

for (const [module, name] of [
  ['packages/rpc/gen.ts', 'generateRpcProtos'],
  ['gateway/gen.ts', 'generateGatewayTestProtos'],
] as const) {
  const path = join(root, module);
  if (!existsSync(path)) continue;
  const loaded = (await import(path)) as Record<string, () => Promise<void> | void>;
  await loaded[name]?.();
}

const { generatePrismaClients } = (await import('./gen-prisma.ts')) as { generatePrismaClients: () => Promise<void> };
await generatePrismaClients();

const { clientTypesPath, generateClientTypes } = await import('./openapi-files.ts');
mkdirSync(join(root, dirname(clientTypesPath)), { recursive: true });
try {
  writeFileSync(join(root, clientTypesPath), await generateClientTypes());
} catch (error) {
  // Mistakes in the protos: their files and lines say all.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
