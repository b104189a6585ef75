import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { callJson } from './call.ts';

const folder = new URL('../../src/standins/', import.meta.url);

function run(program: string, env: NodeJS.ProcessEnv): ChildProcess {
  const file = new URL(`${program}/main.ts`, folder).pathname;
  return spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) throw new Error('no stream');
  const [line] = await once(createInterface({ input: stream }), 'line');
  return String(line);
}

describe.each([
  ['moyasar', 'MOYASAR_STANDIN_PORT'],
  ['messages', 'MESSAGES_STANDIN_PORT'],
])('the %s stand-in as a process', (program, portSetting) => {
  it('says when it is ready and ends cleanly on SIGTERM', async () => {
    const child = run(program, { [portSetting]: '0' });
    const ready = JSON.parse(await firstLine(child.stdout));
    expect(ready).toMatchObject({ msg: 'ready', http_port: expect.any(Number) });
    expect((await callJson('GET', `${ready.url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('names a wrong setting in one line and exits with 1', async () => {
    const child = run(program, { [portSetting]: 'many' });
    const [line, [code]] = await Promise.all([firstLine(child.stderr), once(child, 'exit')]);
    expect(line).toContain(portSetting);
    expect(code).toBe(1);
  });

  it('says in one line that its port is in use', async () => {
    const first = run(program, { [portSetting]: '0' });
    const { http_port } = JSON.parse(await firstLine(first.stdout));
    const second = run(program, { [portSetting]: String(http_port) });
    const [line, [code]] = await Promise.all([firstLine(second.stderr), once(second, 'exit')]);
    expect(line).toContain(`port ${http_port} is in use`);
    expect(code).toBe(1);
    first.kill('SIGTERM');
    await once(first, 'exit');
  });
});
