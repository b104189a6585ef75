import { openJournal } from './journal.ts';

/** Rows by id, in the order they were first put. */
export interface Table<T extends { id: string }> {
  get(id: string): T | undefined;
  put(row: T): T;
  remove(id: string): void;
  list(): T[];
}

export interface Store {
  /** A table by its name; rows journalled by an earlier run are already in it. */
  table<T extends { id: string }>(name: string): Table<T>;
  clear(): void;
  close(): void;
}

interface Line {
  readonly table: string;
  readonly id: string;
  readonly row?: { id: string };
}

/** Everything a stand-in remembers: maps in memory, and the same changes in a journal when there is a file. */
export function openStore(file: string | undefined): Store {
  const { journal, entries } = openJournal(file);
  const tables = new Map<string, Map<string, { id: string }>>();
  const rowsOf = (name: string) => tables.get(name) ?? tables.set(name, new Map()).get(name) ?? new Map();
  for (const line of entries as Line[]) {
    if (line.row === undefined) rowsOf(line.table).delete(line.id);
    else rowsOf(line.table).set(line.id, line.row);
  }
  return {
    table: (name) => createTable(rowsOf(name), (id, row) => journal.append({ table: name, id, row })),
    clear() {
      for (const rows of tables.values()) rows.clear();
      journal.clear();
    },
    close: () => journal.close(),
  };
}

function createTable<T extends { id: string }>(
  rows: Map<string, { id: string }>,
  log: (id: string, row?: T) => void,
): Table<T> {
  return {
    get: (id) => rows.get(id) as T | undefined,
    put(row) {
      log(row.id, row);
      rows.set(row.id, row);
      return row;
    },
    remove(id) {
      log(id);
      rows.delete(id);
    },
    list: () => [...rows.values()] as T[],
  };
}
