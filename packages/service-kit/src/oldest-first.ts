/**
 * Finds the oldest entry of a map, asked again and again while entries come and go: `next` is undefined for an empty map. An entry that
 * is renewed must be deleted and set anew, with another value. A map that is walked from its start each time walks over every entry
 * that was ever deleted there, which takes longer than everything else that a full one is asked for.
 */
export function oldestFirst<K, V>(entries: ReadonlyMap<K, V>): () => readonly [K, V] | undefined {
  let rest = entries.entries();
  let oldest: [K, V] | undefined;
  return () => {
    while (oldest === undefined || entries.get(oldest[0]) !== oldest[1]) {
      const step = rest.next();
      oldest = step.value;
      if (step.done !== true) continue;
      // Whatever came before is gone. A walk that has come to its end sees nothing that comes later.
      rest = entries.entries();
      return undefined;
    }
    return oldest;
  };
}
