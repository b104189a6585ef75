import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// docs/booking.md tells a reviewer which test keeps each promise of the calendar; what it says must be so.
const root = join(import.meta.dirname, '..');

interface Rule {
  readonly id: string;
  /** A file and the beginning of the name of one of its tests or groups. */
  readonly tests: readonly (readonly [string, string])[];
}

/** The table's rows: `| B1 | … | [name](../path/of.test.ts): *a test*, *another*; … |`. */
function readTable(): Rule[] {
  const [, section = ''] = readFileSync(join(root, 'docs/booking.md'), 'utf8').split('## Where each rule is tested');
  return [...section.matchAll(/^\| (B\d+) \|.*$/gm)].map(([row, id = '']) => {
    const files = [...row.matchAll(/\]\(\.\.\/([^)]+)\): (\*[^;|]+)/g)];
    const tests = files.flatMap(([, file = '', named = '']) =>
      [...named.matchAll(/\*([^*]+)\*/g)].map(([, title = '']) => [file, title] as const),
    );
    return { id, tests };
  });
}

function hasTest([file, title]: readonly [string, string]): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  return ["'", '"', '`'].some((quote) => readFileSync(path, 'utf8').includes(`(${quote}${title}`));
}

describe('docs/booking.md', () => {
  const table = readTable();

  it('numbers its rules without a gap', () => {
    expect(table.length).toBeGreaterThan(20);
    expect(table.map(({ id }) => id)).toEqual(table.map((_, index) => `B${index + 1}`));
  });

  it.each(table)('names tests that exist for $id', ({ tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.filter((test) => !hasTest(test))).toEqual([]);
  });
});
