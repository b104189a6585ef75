// The protos under tests/proto, generated into tests/gen (committed). Google's annotations come from the tools workspace, so the sources are
// gathered in an ignored folder first: a buf workspace may not reach out of its own folder.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const gateway = import.meta.dirname;
const root = join(gateway, '..');
const tools = join(root, 'tools', 'node_modules');
const googleFiles = ['annotations', 'http', 'httpbody'];

const bufConfig = {
  version: 'v2',
  modules: [{ path: 'google' }, { path: 'test' }],
};

function generateConfig(folder: string) {
  const plugin = {
    local: join(tools, '.bin', 'protoc-gen-es'),
    out: join(folder, 'tests', 'gen'),
    opt: ['target=js+dts', 'import_extension=js', 'rewrite_imports=./google/api/*_pb.js:@mawid/contracts/gen'],
  };
  return { version: 'v2', clean: true, plugins: [plugin] };
}

/** Generates the gateway's test protos into tests/gen below `folder` (the gateway's own, unless told). Needs the tools workspace to be installed. */
export function generateGatewayTestProtos(folder: string = gateway): void {
  const workspace = join(root, '.cache', 'gateway-test-protos');
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(join(workspace, 'google', 'google', 'api'), { recursive: true });
  for (const name of googleFiles) {
    cpSync(
      join(tools, 'google-proto-files', 'google', 'api', `${name}.proto`),
      join(workspace, 'google', 'google', 'api', `${name}.proto`),
    );
  }
  cpSync(join(gateway, 'tests', 'proto'), join(workspace, 'test'), { recursive: true });
  writeFileSync(join(workspace, 'buf.yaml'), JSON.stringify(bufConfig));
  writeFileSync(join(workspace, 'buf.gen.yaml'), JSON.stringify(generateConfig(folder)));
  const buf = (...args: string[]): void => {
    execFileSync(join(tools, '.bin', 'buf'), [...args, '--path', 'test/gateway'], { cwd: workspace, stdio: 'inherit' });
  };
  buf('generate');
  // The same with lines and comments, which generated code leaves out.
  buf('build', '-o', join(folder, 'tests', 'gen', 'image.binpb'));
}
