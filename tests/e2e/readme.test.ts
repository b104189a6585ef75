import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);

afterAll(() => stack?.close());

describe('README.md', () => {
  it('has a journey by curl that works when pasted', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const block = /<!-- tests\/e2e\/readme.test.ts[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const script = block
      .replaceAll('http://127.0.0.1:8080', stack.urls.gateway)
      .replaceAll('http://127.0.0.1:8092', stack.urls.messages);
    expect(script).toContain(stack.urls.gateway);
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
    const [state, confirmation, refund, payment] = stdout.trim().split('\n');
    expect({ state, confirmation, refund, payment, stderr }).toEqual({
      state: 'confirmed',
      confirmation: expect.stringContaining('تأكيد'),
      refund: expect.stringMatching(/^[1-9]\d*$/),
      payment: 'refunded',
      stderr: '',
    });
  });
});
