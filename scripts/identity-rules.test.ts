import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// docs/identity.md tells a reviewer where each rule of sign-in is tested; what it says must be so.
const root = join(import.meta.dirname, '..');
const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
const ids = [...numbers('O', 13), ...numbers('A', 10), ...numbers('T', 12)];

/** The table's rows: `| O1 | … | [file](../path/of.test.ts), … |`. */
function readTable(): Map<string, string[]> {
  const [, section = ''] = readFileSync(join(root, 'docs/identity.md'), 'utf8').split('## Where each rule is tested');
  const rows = [...section.matchAll(/^\| ([OAT]\d+) \|.*$/gm)];
  return new Map(
    rows.map(([row, id = '']) => [id, [...row.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path)]),
  );
}

/** Which rules the tests of each file name at the beginning of their names. */
function readTests(): Map<string, Set<string>> {
  const files = globSync('{packages,services,gateway,tests}/**/*.test.ts', {
    cwd: root,
    exclude: (name) => name.includes('node_modules'),
  });
  const named = files.map((file): [string, Set<string>] => [file, new Set(namesIn(join(root, file)))]);
  return new Map(named.filter(([, found]) => found.size > 0));
}

/** `it('O5: …`, and `it.each(…)('O5: …` with its table before it. */
function namesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const titles = [...text.matchAll(/\(\s*['"`]((?:[OAT]\d+(?:, | and )?)+): /g)].map(([, title = '']) => title);
  return titles.flatMap((title) => title.match(/[OAT]\d+/g) ?? []);
}

describe('docs/identity.md', () => {
  const table = readTable();
  const tests = readTests();

  it('has a row for each rule', () => {
    expect([...table.keys()]).toEqual(ids);
  });

  it.each(ids)('names files whose tests name %s', (id) => {
    const files = table.get(id) ?? [];
    expect(files.filter((file) => !tests.get(file)?.has(id))).toEqual([]);
    expect(files).not.toEqual([]);
  });
});
