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
      expect(settingsInTables(readme)).toEqual(settingsOfService(config));
    },
  );

  it('sees the settings that a config takes over from another file', () => {
    expect(settingsOfService('services/identity/src/config.ts')).toEqual(
      expect.arrayContaining(['OTP_PROVIDER', 'GOOGLE_CLIENT_IDS', 'OTP_COSTS']),
    );
  });

  it('the README of service-kit tells those of every service', () => {
    const own = ['<NAME>_GRPC_PORT', '<NAME>_HTTP_PORT', '<NAME>_DATABASE_URL'];
    const shared = settingsInCode('packages/service-kit/src/config/core-config.ts');
    expect(settingsInTables(kitReadme)).toEqual([...own, ...shared].sort());
  });
});

/** Those of the config's own file, and of the objects that it spreads from its neighbours. */
function settingsOfService(config: string): string[] {
  const spread = [...read(config).matchAll(/^ {2}\.\.\.(\w+),$/gm)].map((match) => match[1] ?? '');
  const others = spread.flatMap((object) => namesIn(objectText(importedFrom(config, object), object)));
  return [...settingsInCode(config), ...others].sort();
}

function settingsInCode(file: string): string[] {
  return namesIn(read(file)).sort();
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): (?!Setting)/gm)].map((match) => match[1] ?? '');
}

function importedFrom(file: string, name: string): string {
  const imports = [...read(file).matchAll(/^import \{([^}]*)\} from '(\.[^']+)';$/gm)];
  const path = imports.find(([, names]) => names?.split(/[\s,]+/).includes(name))?.[2];
  if (path === undefined) throw new Error(`${file} must import ${name}`);
  return join(dirname(file), path);
}

function objectText(file: string, name: string): string {
  const text = new RegExp(`^export const ${name} = \\{\\n(.*?)^\\};`, 'ms').exec(read(file))?.[1];
  if (text === undefined) throw new Error(`${file} must export the object ${name}`);
  return text;
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
