/** What came of a try: `ok`, or the reason of the refusal with the limit that it names. */
export type Outcome = string;

/** Counts what came of the tries of an attack. */
export interface Tally {
  count(outcome: Outcome): void;
  readonly total: number;
  of(outcome: Outcome): number;
  /** The refusals, the most frequent first. */
  refusals(): readonly (readonly [Outcome, number])[];
}

export function createTally(): Tally {
  const counts = new Map<Outcome, number>();
  const of = (outcome: Outcome): number => counts.get(outcome) ?? 0;
  return {
    count: (outcome) => void counts.set(outcome, of(outcome) + 1),
    of,
    get total() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    refusals: () => [...counts].filter(([outcome]) => outcome !== 'ok').sort((one, other) => other[1] - one[1]),
  };
}

/** Runs the tries, a few at a time, in their order. */
export async function runAll<T>(
  tries: Iterable<T>,
  atOnce: number,
  attempt: (each: T) => Promise<void>,
): Promise<void> {
  const queue = tries[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await attempt(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
