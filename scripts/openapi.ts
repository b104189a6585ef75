// npm run openapi [-- <file>]: writes the OpenAPI document for those who make clients of it; YAML where the name ends so.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildContractDocument } from '../gateway/src/openapi/contract-document.ts';
import { toJsonText, toYamlText } from '../gateway/src/openapi/document-text.ts';

try {
  const [path = 'openapi.json'] = parseArgs({ allowPositionals: true }).positionals;
  const document = buildContractDocument(process.env.PUBLIC_URL);
  writeFileSync(path, /\.ya?ml$/.test(path) ? toYamlText(document) : toJsonText(document));
  console.log(path);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
