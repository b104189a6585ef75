import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The process that a pid file names, if it is alive and its command line contains the marker (a folder, say).
 * A pid file that a crash left behind gives undefined, also when the number belongs to some other program by now.
 */
export async function findRunningProcess(pidFile: string, marker: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!(pid > 1) || !isAlive(pid)) return undefined;
  return (await commandLineOf(pid)).includes(marker) ? pid : undefined;
}

/** Like findRunningProcess, but gives a process that is just ending the time to end. */
export async function findLastingProcess(
  pidFile: string,
  marker: string,
  patienceMs = 2_000,
): Promise<number | undefined> {
  const deadline = Date.now() + patienceMs;
  let pid = await findRunningProcess(pidFile, marker);
  while (pid !== undefined && Date.now() < deadline) {
    await sleep(50);
    pid = await findRunningProcess(pidFile, marker);
  }
  return pid;
}

/** Whether a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function commandLineOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    return await commandLineByPs(pid);
  }
}

// Only Linux has /proc.
function commandLineByPs(pid: number): Promise<string> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) => resolve(stdout ?? ''));
  });
}
