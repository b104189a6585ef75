import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { guard } from './guardian.ts';
import { StartError } from './start-error.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** A Node program of ours that is to run as a process of its own. */
export interface Program {
  name: string;
  /** The TypeScript file to run. */
  file: string;
  /** Its whole environment. */
  env: NodeJS.ProcessEnv;
  /** Answers 200 when the program is ready. */
  readyUrl: string;
  /** Gets every line the program writes, as it is. */
  logFile: string;
  /** Called with every line the program writes. */
  onLine?: (line: string) => unknown;
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program that runs. */
export interface ManagedProcess {
  readonly name: string;
  /** Of the present run. */
  readonly pid: number | undefined;
  readonly isRunning: boolean;
  /** Settles when the present run ends, in whatever way. */
  readonly exited: Promise<Exit>;
  /** Sends a signal to the present run; false when it has ended already. */
  kill(signal: NodeJS.Signals): boolean;
  /** Stops the present run if there is one, and runs the program again until it is ready. */
  restart(): Promise<void>;
  /** SIGTERM, and SIGKILL if it takes longer than 15 s. */
  stop(): Promise<void>;
}

interface Run {
  child: ChildProcess;
  exited: Promise<Exit>;
  /** The last lines it wrote, for an error's message. */
  tail: string[];
}

/** Runs the program and resolves when it is ready; rejects with StartError, which carries its last words, when it ends before. */
export async function startProgram(program: Program): Promise<ManagedProcess> {
  mkdirSync(dirname(program.logFile), { recursive: true });
  let run = spawnRun(program);
  await untilReady(program, run);
  return {
    name: program.name,
    get pid() {
      return run.child.pid;
    },
    get isRunning() {
      return isRunning(run);
    },
    get exited() {
      return run.exited;
    },
    kill: (signal) => isRunning(run) && run.child.kill(signal),
    stop: () => stopRun(run),
    async restart() {
      await stopRun(run);
      run = spawnRun(program);
      await untilReady(program, run);
    },
  };
}

function spawnRun(program: Program): Run {
  // Its own process group: Ctrl-C reaches only us, and we stop the programs in the right order.
  const child = spawn(process.execPath, [program.file], {
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  guard(child);
  const log = createWriteStream(program.logFile, { flags: 'a' });
  const tail: string[] = [];
  captureLines(program, child, log, tail);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      log.end();
      resolve({ code, signal });
    });
  });
  return { child, exited, tail };
}

function captureLines(program: Program, child: ChildProcess, log: WriteStream, tail: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (!log.writableEnded) log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > 20) tail.shift();
      program.onLine?.(line);
    });
  }
}

async function untilReady(program: Program, run: Run): Promise<void> {
  const stopped = run.exited.then(() => {
    throw new StartError(program.name, run.tail, program.logFile);
  });
  try {
    await Promise.race([waitUntilReady(program.readyUrl, () => isRunning(run)), stopped]);
  } catch (error) {
    await stopRun(run);
    throw error instanceof StartError
      ? error
      : new StartError(program.name, [...run.tail, (error as Error).message], program.logFile);
  }
  // The promise stays rejected at the end of the run; nobody waits for it any more.
  stopped.catch(() => undefined);
}

function isRunning(run: Run): boolean {
  return run.child.exitCode === null && run.child.signalCode === null;
}

async function stopRun(run: Run): Promise<void> {
  if (!isRunning(run)) return void (await run.exited);
  run.child.kill('SIGTERM');
  const timer = setTimeout(() => run.child.kill('SIGKILL'), 15_000);
  await run.exited;
  clearTimeout(timer);
}
