import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const tools = join(here, '../../tools');

/** Where each proto comes from (below tools/node_modules) and the path by which it is imported. */
const sources: readonly { from: string; to: string }[] = [
  { from: 'grpc-health-check/proto/health/v1/health.proto', to: 'grpc/health/v1/health.proto' },
  {
    from: '@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
    to: 'grpc/reflection/v1/reflection.proto',
  },
  {
    from: '@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto',
    to: 'grpc/reflection/v1alpha/reflection.proto',
  },
  { from: 'google-proto-files/google/rpc/status.proto', to: 'google/rpc/status.proto' },
];

/**
 * Generates the protocol code this package needs: health, reflection and google.rpc.Status into src/gen, and the test
 * service into tests/gen, below `folder` (this package's own, unless told). Needs the tools workspace to be installed.
 * Throws when buf refuses a file.
 */
export function generateRpcProtos(folder: string = here): void {
  const protos = join(tools, '.buf/rpc-protos');
  rmSync(protos, { recursive: true, force: true });
  for (const { from, to } of sources) {
    mkdirSync(dirname(join(protos, to)), { recursive: true });
    cpSync(join(tools, 'node_modules', from), join(protos, to));
  }
  generate(protos, join(folder, 'src/gen'));
  generate(join(here, 'tests/proto'), join(folder, 'tests/gen'));
}

function generate(input: string, out: string): void {
  const bin = join(tools, 'node_modules/.bin');
  const plugin = { local: join(bin, 'protoc-gen-es'), out, opt: ['target=js+dts', 'import_extension=js'] };
  const template = JSON.stringify({ version: 'v2', clean: true, plugins: [plugin] });
  execFileSync(join(bin, 'buf'), ['generate', input, '--template', template], { stdio: 'inherit' });
}
