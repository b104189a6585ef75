import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@mawid/dev-stack';
import pg from 'pg';
import { findSecrets, type ReadableText } from './find-secrets.ts';
import { readSpans } from './read-spans.ts';
import type { SeenSecrets } from './seen-secrets.ts';
import type { SpanCollector } from './span-collector.ts';

/** What a run has left behind for others to read. */
export interface Traces {
  readonly dataFolder: string;
  readonly collector: SpanCollector;
}

/**
 * Every finding in the logs of all programs and servers, the stand-ins' too, and in the spans that were exported. The system must have stopped:
 * what it writes last counts as well. `seen` is completed by what the phones have received.
 */
export async function scanRun(seen: SeenSecrets, { dataFolder, collector }: Traces): Promise<string[]> {
  await noteMessages(seen, dataFolder);
  const logs = await readLogs(dataFolder);
  const spans = readSpans(collector.requests);
  if (spans.length === 0 || logs.length === 0) throw new Error('no log or no span was scanned');
  return findSecrets(seen, [...logs, ...spans]);
}

/** Notes the numbers that reached the database without any client of this file having named them. */
export async function notePhones(seen: SeenSecrets, { databaseUrls }: Stack): Promise<void> {
  const client = new pg.Client(databaseUrls.identity);
  // Some tests take the database away, or have it read-only: what they had shown to clients is known anyway.
  await client.connect().catch(() => undefined);
  try {
    const { rows } = await client.query('select phone_number from users union select phone_number from code_requests');
    seen.note(rows);
  } catch {
    // As above.
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function noteMessages(seen: SeenSecrets, dataFolder: string): Promise<void> {
  const journal = await readFile(join(dataFolder, 'messages.jsonl'), 'utf8');
  for (const line of journal.split('\n').filter(Boolean)) {
    const { row } = JSON.parse(line) as { row?: { code?: string } };
    if (row?.code !== undefined) seen.codes.add(row.code);
    seen.note(row);
  }
}

async function readLogs(dataFolder: string): Promise<ReadableText[]> {
  const programs = (await readdir(join(dataFolder, 'logs'))).map((name) => join('logs', name));
  const files = [...programs, 'postgres/postgres.log', 'nats/nats-server.log'];
  const texts = await Promise.all(files.map((file) => readLines(dataFolder, file)));
  return texts.flat();
}

async function readLines(dataFolder: string, file: string): Promise<ReadableText[]> {
  // Servers that run elsewhere keep their logs there.
  const text = await readFile(join(dataFolder, file), 'utf8').catch(() => '');
  return text.split('\n').map((line, index) => ({ place: `${file}:${index + 1}`, text: line }));
}
