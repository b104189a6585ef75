import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '@mawid/dev-stack';

/** A whole system for one test file, on free ports, with data of its own. */
export interface TestStack extends Stack {
  readonly dataFolder: string;
}

/** Boots a seeded system; close() forgets its data too. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-e2e-'));
  const forget = () => rm(dataFolder, { recursive: true, force: true });
  try {
    const stack = await startStack({ dataFolder, ports: 'auto', durable: false, ...options });
    const stop = stack.close;
    const close = async () => {
      await stop();
      await forget();
    };
    return Object.assign(stack, { dataFolder, close });
  } catch (error) {
    await forget();
    throw error;
  }
}

let lastPhone = 0;

/** A Saudi mobile that no other test of this file uses. */
export function newPhone(): string {
  lastPhone += 1;
  return `+96655${String(1_000_000 + lastPhone)}`;
}
