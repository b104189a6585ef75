import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@mawid/dev-stack';
import { createRestTarget, type RestTarget } from './rest-target.ts';

/**
 * A whole system with the limits that it has in production: not one of them is set, but what `env` says. Only its messages go to stand-in phones. close() forgets
 * all of it.
 */
export async function startAttackedStack(env: Record<string, string> = {}): Promise<RestTarget> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-attack-'));
  const forget = () => rm(dataFolder, { recursive: true, force: true });
  try {
    const stack = await startStack({ dataFolder, ports: 'auto', durable: false, seed: false, env });
    const target = createRestTarget(stack);
    const close = async () => {
      await target.close();
      await stack.close();
      await forget();
    };
    return { ...target, close };
  } catch (error) {
    await forget();
    throw error;
  }
}
