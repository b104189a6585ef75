import { readdirSync, readFileSync } from 'node:fs';

// sysconf(_SC_CLK_TCK), 100 on every Linux that Node runs on.
const ticksPerSecond = 100;

/** CPU time, user and system, that a process and all below it have used so far, in milliseconds. Children that ended are in it. */
export function readCpuMs(pid: number): number {
  return [pid, ...descendantsOf(pid)].reduce((sum, each) => sum + ownCpuMs(each), 0);
}

/** The parent of a process; NaN when there is no such process. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)?.[1]);
}

function ownCpuMs(pid: number): number {
  const fields = statOf(pid);
  if (fields === undefined) return 0;
  // Fields 14 to 17 of /proc/<pid>/stat, counted behind the name: utime, stime and those of children that were waited for.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return (ticks * 1000) / ticksPerSecond;
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

// What stands behind the name, which may hold spaces: state, parent, …
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
