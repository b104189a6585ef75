import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './tools.ts';

/** The committed types that the generated client is checked with. */
export const clientTypesPath = 'tests/gen/openapi.ts';

/** Writes the OpenAPI document of the contract as it is generated now, calls `use` with its path, and removes it again. */
export async function withDocument<T>(use: (path: string) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mawid-openapi-'));
  try {
    // Imported when called: `npm run gen` makes what these modules are made of.
    const { buildContractDocument } = await import('../gateway/src/openapi/contract-document.ts');
    const { toJsonText } = await import('../gateway/src/openapi/document-text.ts');
    const path = join(folder, 'openapi.json');
    writeFileSync(path, toJsonText(buildContractDocument()));
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The types of a client, as openapi-typescript makes them of the document. */
export function generateClientTypes(): Promise<string> {
  return withDocument((document) => {
    const output = `${document}.ts`;
    const command = join(root, 'tools/client/node_modules/.bin/openapi-typescript');
    // Members with a default may be left out of requests.
    const args = [document, '--output', output, '--default-non-nullable=false'];
    execFileSync(command, args, { cwd: root, stdio: 'pipe' });
    return readFileSync(output, 'utf8');
  });
}
