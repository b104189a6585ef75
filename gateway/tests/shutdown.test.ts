import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const main = join(import.meta.dirname, '../src/main.ts');
const graceMs = 5_000;
const head = /^HTTP\/1\.1 \d{3} [\s\S]*?\r\n\r\n/;

/** The gateway as a process of its own; what is asked of it here needs no service. */
async function startProcess() {
  const env = {
    PATH: process.env.PATH,
    GATEWAY_PORT: '0',
    GATEWAY_METRICS_PORT: '0',
    DRAIN_GRACE_MS: String(graceMs),
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /"http_port":(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { child, port };
}

interface Tally {
  answered: number;
  /** Requests that were sent whole on an open connection and got no answer. */
  cut: number;
}

/** Asks again and again on one connection, with a short rest after each answer, until the gateway ends it. */
async function askUntilClosed(port: number, path: string, tally: Tally): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  let [isWaiting, isOver, received] = [false, false, ''];
  const ask = (): void => {
    if (isOver) return;
    isWaiting = true;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const header = head.exec(received)?.[0];
    const length = Number(/content-length: (\d+)/i.exec(header ?? '')?.[1] ?? 0);
    if (header === undefined || received.length < header.length + length) return;
    [isWaiting, received] = [false, ''];
    tally.answered += 1;
    if (/^connection: close/im.test(header)) isOver = true;
    else setTimeout(ask, (tally.answered % 4) + 1);
  });
  socket.on('connect', ask);
  socket.on('end', () => {
    isOver = true;
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  if (isWaiting) tally.cut += 1;
}

describe('SIGTERM while 50 clients send on kept connections', () => {
  it.each(['/livez', '/api/auth/me', '/api/nothing'])('answers every request to %s and exits 0', async (path) => {
    const { child, port } = await startProcess();
    const tally: Tally = { answered: 0, cut: 0 };
    const clients = Array.from({ length: 50 }, () => askUntilClosed(port, path, tally));
    while (tally.answered < 1_000) await new Promise((resolve) => setTimeout(resolve, 10));
    const begun = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    await Promise.all(clients);
    expect(tally.cut).toBe(0);
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(graceMs);
  });
});
