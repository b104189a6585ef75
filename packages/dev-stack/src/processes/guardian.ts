import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * A shell that reads "add <pid> <signal>" and "drop <pid>" until its input ends. The input ends when our process does,
 * even by SIGKILL, and then it signals whoever is still on its list. Pure POSIX sh, so it needs nothing installed.
 */
const script = `
trap '' INT TERM HUP
all=''
while read -r verb pid signal; do
  rest=''
  for entry in $all; do [ "\${entry%%:*}" = "$pid" ] || rest="$rest $entry"; done
  all="$rest"
  if [ "$verb" = add ]; then all="$all $pid:$signal"; fi
done
[ -z "$all" ] && exit 0
for entry in $all; do kill -s "\${entry##*:}" "\${entry%%:*}" 2>/dev/null; done
sleep 10
for entry in $all; do kill -s KILL "\${entry%%:*}" 2>/dev/null; done
`;

let shell: ChildProcess | undefined;

/**
 * Makes sure that the child does not outlive this process: when this process ends in whatever way, the child gets the
 * signal, and SIGKILL ten seconds later. A child that ends by itself is forgotten.
 */
export function guard(child: ChildProcess, signal: 'TERM' | 'INT' = 'TERM'): void {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`add ${pid} ${signal}`);
  child.once('exit', () => tell(`drop ${pid}`));
}

function tell(line: string): void {
  shell ??= startShell();
  shell.stdin?.write(`${line}\n`);
}

function startShell(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  // Neither a missing shell nor a closed pipe may hurt the program that is being guarded.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  (child.stdin as Socket | null)?.unref();
  return child;
}
