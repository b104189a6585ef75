import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '@mawid/dev-stack';
import { startValidatingProxy } from './openapi/validating-proxy.ts';

/** A whole system for one test file, on free ports, with data of its own. */
export interface TestStack extends Stack {
  readonly dataFolder: string;
}

/** All requests of a test file come from one address, and many of them from one user. */
const wideLimits = {
  RATE_LIMIT_READ: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_WRITE: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_SIGN_IN: 'user=100000/1m;address=100000/1m',
  RATE_LIMIT_SPEND: 'user=100000/1m;address=100000/1m',
};

/** Boots a seeded system; close() forgets its data too. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-e2e-'));
  const forget = () => rm(dataFolder, { recursive: true, force: true });
  try {
    const stack = await startStack({
      dataFolder,
      ports: 'auto',
      durable: false,
      ...options,
      env: { ...wideLimits, ...options.env },
    });
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

/**
 * As startTestStack, with a proxy in front of the gateway that holds every request and answer against the OpenAPI document. close() throws what it found, and
 * what the services refused for reasons that their protos do not name; that fails the file.
 */
export async function startCheckedStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const stack = await startTestStack(options);
  const stop = stack.close;
  const proxy = await startValidatingProxy({ target: stack.urls.gateway });
  const close = async () => {
    await proxy.close();
    const undeclared = await readUndeclaredReasons(stack).finally(stop);
    if (undeclared.length > 0) throw new Error(`reasons that the protos do not name:\n${undeclared.join('\n')}`);
    if (proxy.seen === 0) throw new Error('no request went through the validating proxy');
    if (proxy.violations.length > 0) throw new Error(`against the OpenAPI document:\n${proxy.violations.join('\n')}`);
  };
  return Object.assign(stack, { urls: { ...stack.urls, gateway: proxy.url }, close });
}

/** What the services count as refusals for reasons that no client was told of; calls between services are among them. */
async function readUndeclaredReasons({ urls }: Stack): Promise<string[]> {
  const texts = Object.values(urls.http).map(async (url) => (await fetch(`${url}/metrics`)).text());
  const lines = (await Promise.all(texts)).flatMap((text) => text.split('\n'));
  return lines.filter((line) => line.startsWith('mawid_undeclared_reasons_total{'));
}

let lastPhone = 0;

/** A Saudi mobile that no other test of this file uses. */
export function newPhone(): string {
  lastPhone += 1;
  return `+96655${String(1_000_000 + lastPhone)}`;
}
