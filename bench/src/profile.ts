import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A function and the CPU it took itself, without what it called. */
export interface SelfTime {
  /** `name file:line`. */
  readonly where: string;
  readonly share: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * The functions of a .cpuprofile that took most, the largest first. The first half, boot and
 * warm-up, is left out; shares are of the time in which the process was not idle.
 */
export function readSelfTimes(path: string, count: number): SelfTime[] {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as Profile;
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]));
  const micros = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '';
    if (index < profile.samples.length / 2 || name.startsWith('(idle)')) continue;
    micros.set(name, (micros.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  const total = [...micros.values()].reduce((sum, each) => sum + each, 0);
  const sorted = [...micros].sort(([, a], [, b]) => b - a).slice(0, count);
  return sorted.map(([where, time]) => ({ where, share: time / total }));
}

/** The profiles in a folder, by the name of their process. */
export function listProfiles(folder: string): { name: string; path: string }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  return files.sort().map((file) => ({ name: basename(file, '.cpuprofile'), path: join(folder, file) }));
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/node_modules\//, '');
  return `${functionName || '(anonymous)'} ${file === '' ? '' : `${file.split('/').slice(-4).join('/')}:${lineNumber + 1}`}`.trim();
}
