import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openJournal } from './journal.ts';

describe('openJournal', () => {
  let folder: string;
  const file = () => join(folder, 'deep', 'journal.jsonl');
  const write = (...entries: unknown[]) => {
    const { journal } = openJournal(file());
    for (const entry of entries) journal.append(entry);
    journal.close();
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what earlier runs wrote, in order', () => {
    write({ text: 'موعد' });
    write({ text: 'second' });
    const { journal, entries } = openJournal(file());
    journal.close();
    expect(entries).toEqual([{ text: 'موعد' }, { text: 'second' }]);
  });

  it('forgets a last line that was cut off, and the next entry is whole', () => {
    write({ number: 1 });
    appendFileSync(file(), '{"number":');
    write({ number: 2 });
    const { journal, entries } = openJournal(file());
    journal.close();
    expect(entries).toEqual([{ number: 1 }, { number: 2 }]);
  });

  it('keeps nothing without a file', () => {
    const { journal, entries } = openJournal(undefined);
    journal.append({ number: 1 });
    expect(entries).toEqual([]);
  });
});
