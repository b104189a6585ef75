import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack, wideLimits } from '@mawid/dev-stack';
import { startValidatingProxy } from './openapi/validating-proxy.ts';
import { notePhones, scanRun } from './secrets/scan-run.ts';
import { createSeenSecrets } from './secrets/seen-secrets.ts';
import { startSpanCollector } from './secrets/span-collector.ts';
import { watchFetch } from './secrets/watch-fetch.ts';

/** A whole system for one test file, on free ports, with data of its own. */
export interface TestStack extends Stack {
  readonly dataFolder: string;
}

/**
 * Boots a seeded system; close() forgets its data too. Before that it reads every line of every log, and every span that was exported: it throws where a
 * code, a token, or the whole of somebody's number or address stands in one.
 */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-e2e-'));
  const scan = await startScan(dataFolder);
  try {
    const stack = await startStack({
      dataFolder,
      ports: 'auto',
      durable: false,
      ...options,
      env: { ...wideLimits, OTEL_EXPORTER_OTLP_ENDPOINT: scan.endpoint, ...options.env },
    });
    const stop = stack.close;
    const end = async () => {
      await scan.prepare(stack);
      await stop().catch(async (error: unknown) => {
        await scan.forget();
        throw error;
      });
      await scan.finish();
    };
    let ended: Promise<void> | undefined;
    const close = () => {
      ended ??= end();
      return ended;
    };
    return Object.assign(stack, { dataFolder, close });
  } catch (error) {
    await scan.forget();
    throw error;
  }
}

async function startScan(dataFolder: string) {
  const seen = createSeenSecrets();
  const watch = watchFetch(seen);
  const collector = await startSpanCollector();
  const forget = async () => {
    watch.stop();
    await collector.close();
    await rm(dataFolder, { recursive: true, force: true });
  };
  return {
    endpoint: collector.url,
    forget,
    async prepare(stack: Stack) {
      await watch.settled();
      await notePhones(seen, stack);
    },
    async finish() {
      const findings = await scanRun(seen, { dataFolder, collector }).finally(forget);
      if (findings.length > 0) throw new Error(`what nobody may read in a log or span:\n${findings.join('\n')}`);
    },
  };
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
