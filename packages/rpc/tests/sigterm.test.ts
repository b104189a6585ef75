import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeAll, dial } from './fixture.ts';
import { startLoad } from './load.ts';

const children: ChildProcess[] = [];

afterEach(async () => {
  await closeAll();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'echo-process.ts'), { execArgv: [] });
  children.push(child);
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

describe('SIGTERM', () => {
  it.each([1, 3, 40])('under load fails no call, %i in flight', async (width) => {
    const processes = await Promise.all([start(), start(), start(), start()]);
    const addresses = processes.map(({ port }) => `127.0.0.1:${port}`);
    const client = dial(`ipv4:${addresses.join(',')}`, { retries: false });
    const load = startLoad(width, (text) => client.write({ text }));
    for (const { child } of processes.slice(1)) {
      await wait(200 + Math.random() * 20);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
    const { count, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });
});
