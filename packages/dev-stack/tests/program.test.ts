import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/processes/free-port.ts';
import { type ManagedProcess, type Program, startProgram } from '../src/processes/program.ts';
import { startAll } from '../src/stack/start-all.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';

const serving = `
  import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
  console.log(JSON.stringify({ level: 30, msg: 'ready', color: process.env.COLOR }));
  process.once('SIGTERM', () => server.close());`;

const refusing = `
  console.error('wrong settings: PORT is not set');
  process.exitCode = 1;`;

describe('startProgram', () => {
  let folder: string;
  let port: number;
  let started: ManagedProcess[];

  beforeEach(async () => {
    [folder, port, started] = [await createTestFolder(), await freePort(), []];
  });
  afterEach(async () => {
    await Promise.all(started.map((process) => process.stop()));
    await removeTestFolder(folder);
  });

  async function toProgram(
    name: string,
    source: string,
    onLine: (line: string) => void = () => undefined,
  ): Promise<Program> {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, source);
    const env = { PORT: String(port), COLOR: 'green' };
    return {
      name,
      file,
      env,
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      logFile: join(folder, 'logs', `${name}.log`),
      onLine,
    };
  }

  async function start(program: Program): Promise<ManagedProcess> {
    const process = await startProgram(program);
    started.push(process);
    return process;
  }

  it('is ready when the program answers, and keeps what it writes', async () => {
    const lines: string[] = [];
    const process = await start(await toProgram('serving', serving, (line) => lines.push(line)));
    await process.stop();
    expect(lines).toEqual(['{"level":30,"msg":"ready","color":"green"}']);
    expect(await readFile(join(folder, 'logs/serving.log'), 'utf8')).toBe(`${lines[0]}\n`);
    expect(await process.exited).toEqual({ code: 0, signal: null });
  });

  it('runs a killed program again', async () => {
    const process = await start(await toProgram('serving', serving));
    const first = process.pid;
    expect(process.kill('SIGKILL')).toBe(true);
    expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(process.isRunning).toBe(false);
    await process.restart();
    expect(process.isRunning).toBe(true);
    expect(process.pid).not.toBe(first);
  });

  it('rejects with the last words of a program that refuses to start', async () => {
    const starting = start(await toProgram('refusing', refusing));
    await expect(starting).rejects.toThrow('refusing did not start: wrong settings: PORT is not set');
  });

  it('stops the others when one of several refuses to start', async () => {
    const programs = [await toProgram('serving', serving), await toProgram('refusing', refusing)];
    const other = { ...(programs[1] as Program), readyUrl: 'http://127.0.0.1:9/readyz' };
    await expect(startAll([programs[0] as Program, other])).rejects.toThrow('wrong settings');
    // The port is free again.
    await new Promise<void>((resolve, reject) => {
      const server = createServer().listen(port, '127.0.0.1', () => server.close(() => resolve()));
      server.once('error', reject);
    });
  });
});
