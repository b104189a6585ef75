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

async function start(port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'echo-process.ts'), [String(port)], { execArgv: [] });
  children.push(child);
  const [actual] = (await once(child, 'message')) as [number];
  return { child, port: actual };
}

describe('SIGTERM', () => {
  it.each([1, 3, 40])('under load fails no call, %i in flight', async (width) => {
    const processes = [await start(0), await start(0)];
    const client = dial(`ipv4:${processes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, { retries: false });
    const load = startLoad(width, (text) => client.write({ text }));
    for (let round = 0; round < 4; round++) {
      await wait(300 + Math.random() * 20);
      const leaving = processes.shift();
      if (leaving === undefined) break;
      leaving.child.kill('SIGTERM');
      const [code] = await once(leaving.child, 'exit');
      expect(code).toBe(0);
      processes.push(await start(leaving.port));
      // Until the client has found the new process: it tries every three seconds at the latest.
      await wait(1_500);
    }
    const { count, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });
});
