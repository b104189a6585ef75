import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of a bench: it says when it is ready, and then does what it is asked, one thing after the other. */
export interface Child {
  readonly pid: number;
  /** What it said of itself when it was ready. */
  readonly said: Readonly<Record<string, number>>;
  /** Sends a task, resolves with the answer. Rejects when the process ends first. */
  ask<T>(task: object): Promise<T>;
  /** Ends it, with its CPU profile written where one is made. */
  close(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for a CPU profile of its whole life; none is made without it. */
  readonly profileFolder?: string | undefined;
}

const folder = join(import.meta.dirname, '..', 'processes');

/** Starts `processes/<program>.ts`; resolves with its first message. Rejects when it ends before. */
export async function startChild(program: string, options: ChildOptions = {}): Promise<Child> {
  const { args = [], env = {}, profileFolder } = options;
  const name = [program, ...args.slice(0, 1)].join('-');
  const profile = [
    '--cpu-prof',
    `--cpu-prof-dir=${profileFolder}`,
    `--cpu-prof-name=${name}-${args[1] ?? 0}.cpuprofile`,
  ];
  const child = fork(join(folder, `${program}.ts`), args, {
    env: { ...process.env, ...env },
    execArgv: profileFolder === undefined ? [] : profile,
  });
  const said = await nextMessage<Record<string, number>>(child, name);
  return {
    pid: child.pid ?? 0,
    said,
    ask<T>(task: object) {
      child.send(task);
      return nextMessage<T>(child, name);
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function nextMessage<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`${name} ended`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.removeListener('exit', onExit);
      resolve(message as T);
    });
  });
}
