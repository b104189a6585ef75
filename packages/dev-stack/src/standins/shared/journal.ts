import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines. Each line is handed to the kernel before `append` returns, so a kill -9 loses nothing. */
export interface Journal {
  append(entry: unknown): void;
  clear(): void;
  close(): void;
}

const memoryOnly: Journal = { append() {}, clear() {}, close() {} };

/** Opens (or creates) the journal and returns what it holds, oldest first. Without a file nothing is kept. */
export function openJournal(file: string | undefined): { journal: Journal; entries: unknown[] } {
  if (file === undefined) return { journal: memoryOnly, entries: [] };
  const { entries, bytes } = existsSync(file) ? readEntries(file) : { entries: [], bytes: 0 };
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'a', 0o600);
  // A torn last line would swallow the next entry.
  ftruncateSync(handle, bytes);
  return { entries, journal: toJournal(handle) };
}

function toJournal(handle: number): Journal {
  return {
    append: (entry) => void writeSync(handle, `${JSON.stringify(entry)}\n`),
    clear: () => ftruncateSync(handle, 0),
    close: () => closeSync(handle),
  };
}

/** Only whole lines count; what follows the last line break was being written when the process died. */
function readEntries(file: string): { entries: unknown[]; bytes: number } {
  const content = readFileSync(file);
  const bytes = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').filter(Boolean);
  return { bytes, entries: lines.map((line): unknown => JSON.parse(line)) };
}
