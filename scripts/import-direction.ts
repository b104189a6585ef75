import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { root } from './tools.ts';

// contracts ← rpc ← service-kit ← services, gateway ← dev-stack ← tests, bench
const layers: readonly (readonly string[])[] = [
  ['packages/contracts'],
  ['packages/rpc'],
  ['packages/service-kit'],
  ['services/identity', 'services/booking', 'services/payments', 'services/notify', 'gateway'],
  ['packages/dev-stack'],
  ['tests', 'bench'],
];

// What domain/ may use besides its own folder: pure libraries without a clock, a database or a wire.
const pureLibraries = ['libphonenumber-js', 'temporal-polyfill', 'adhan', 'intl-messageformat', 'node:assert'];

/** A line that imports what its place may not. */
export interface Breach {
  readonly file: string;
  readonly imports: string;
  readonly rule: string;
}

/** Every import in the repository that goes against the direction of architecture.md, domain purity included. */
export function findBreaches(folder: string = root): Breach[] {
  return layers
    .flat()
    .flatMap((part) => sourceFiles(join(folder, part)))
    .flatMap((path) => {
      const file = relative(folder, path).split(sep).join('/');
      return importsOf(readFileSync(path, 'utf8')).flatMap((specifier) => breachOf(file, specifier));
    });
}

/** What is wrong with `file` (a path from the root) importing `specifier`: nothing, or one breach. */
export function breachOf(file: string, specifier: string): Breach[] {
  const part = partOf(file);
  const target = targetPart(file, specifier);
  if (part === undefined) return [];
  const rule = domainRule(file, specifier) ?? layerRule(file, part, target);
  return rule === undefined ? [] : [{ file, imports: specifier, rule }];
}

function layerRule(file: string, part: string, target: string | undefined): string | undefined {
  if (target === undefined || target === part) return undefined;
  // A package's tests may boot infrastructure of dev-stack; nothing that runs in production may.
  if (target === 'packages/dev-stack' && /\/tests\/|\.test\.ts$/.test(file)) return undefined;
  const [own, other] = [layerOf(part), layerOf(target)];
  if (other < own) return undefined;
  return own === other ? `${part} must not import its neighbour ${target}` : `${part} must not import ${target}`;
}

function domainRule(file: string, specifier: string): string | undefined {
  const match = /^(services\/[a-z]+\/src\/domain)\//.exec(file);
  if (match?.[1] === undefined) return undefined;
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier))
      .split(sep)
      .join('/');
    return target.startsWith(`${match[1]}/`) ? undefined : 'domain/ imports nothing outside its own folder';
  }
  const testLibraries = /\.test(-support)?\.ts$/.test(file) ? ['@jest/globals', 'fast-check'] : [];
  const allowed = [...pureLibraries, ...testLibraries].some(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
  return allowed ? undefined : 'domain/ uses pure libraries only';
}

function partOf(file: string): string | undefined {
  return layers.flat().find((part) => file.startsWith(`${part}/`));
}

function layerOf(part: string): number {
  return layers.findIndex((layer) => layer.includes(part));
}

function targetPart(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    return partOf(
      relative(root, resolve(root, dirname(file), specifier))
        .split(sep)
        .join('/'),
    );
  }
  const name = /^@mawid\/([a-z-]+)/.exec(specifier)?.[1];
  return name === undefined ? undefined : layers.flat().find((part) => part.split('/').at(-1) === name);
}

function importsOf(source: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\()\s*['"]([^'"]+)['"]/g;
  return [...source.matchAll(pattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/node_modules|generated/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
}
