import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { InfrastructureError } from './infrastructure-error.ts';

/** A child that is a server and says on one of its outputs when it is ready. */
export interface ServerProcess {
  name: string;
  child: ChildProcess;
  output: Readable;
  /** Part of the line that means "ready". */
  readyLine: string;
  timeoutMs?: number;
}

/** A server that is ready. */
export interface Server {
  /** Sends the signal and waits for the end; SIGKILL after ten seconds. Harmless when it has ended already. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** Resolves when the server has said that it is ready; rejects with its last words when it ends before, or takes too long. */
export async function superviseServer(options: ServerProcess): Promise<Server> {
  const { child } = options;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const server = { stop: (signal: NodeJS.Signals) => stop(child, exited, signal) };
  try {
    await waitForReadyLine(options, exited);
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
  return server;
}

function waitForReadyLine(options: ServerProcess, exited: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new InfrastructureError(`${options.name} did not start: ${why}\n${lastLines(said)}`.trimEnd()));
    };
    const timer = setTimeout(() => fail('it took too long'), options.timeoutMs ?? 60_000);
    options.child.once('error', (error) => fail(error.message));
    options.output.on('data', (chunk: Buffer) => {
      if (said.includes(options.readyLine)) return;
      said += chunk.toString();
      if (!said.includes(options.readyLine)) return;
      clearTimeout(timer);
      resolve();
    });
    // What it said last arrives after its end.
    void exited.then(() => setTimeout(() => fail('it ended'), 50));
  });
}

async function stop(child: ChildProcess, exited: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(timer);
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-8).join('\n');
}
