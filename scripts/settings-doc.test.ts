import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './tools.ts';

const kitReadme = 'packages/service-kit/README.md';

describe('settings tables', () => {
  it.each(globSync('services/*/src/config.ts', { cwd: root }).sort())(
    '%s: the README tells every setting',
    (config) => {
      const readme = join(dirname(dirname(config)), 'README.md');
      expect(settingsInTables(readme)).toEqual(settingsInCode(config));
    },
  );

  it('the README of service-kit tells those of every service', () => {
    const own = ['<NAME>_GRPC_PORT', '<NAME>_HTTP_PORT', '<NAME>_DATABASE_URL'];
    const shared = settingsInCode('packages/service-kit/src/config/core-config.ts');
    expect(settingsInTables(kitReadme)).toEqual([...own, ...shared].sort());
  });
});

function settingsInCode(file: string): string[] {
  const names = [...read(file).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): (?!Setting)/gm)];
  return names.map((match) => match[1] ?? '').sort();
}

function settingsInTables(file: string): string[] {
  const cells = read(file)
    .split('\n')
    .map((line) => line.split('|')[1] ?? '');
  const names = cells.flatMap((cell) => [...cell.matchAll(/`((?:<NAME>_)?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)]);
  return names.map((match) => match[1] ?? '').sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
