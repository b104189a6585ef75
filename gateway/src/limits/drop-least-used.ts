import type { WindowCount } from './window-count.ts';

const shades = 64;

/** Removes so many entries, those first that have used least of the limit, to a 64th of it. Two passes, no sorting. */
export function dropLeastUsed(counts: Map<string, WindowCount>, limit: number, surplus: number): void {
  const shadeOf = ({ total }: WindowCount): number => Math.min(shades - 1, Math.floor((total * shades) / limit));
  const keysOfShade = new Array<number>(shades).fill(0);
  for (const count of counts.values()) {
    const shade = shadeOf(count);
    keysOfShade[shade] = (keysOfShade[shade] ?? 0) + 1;
  }
  let left = surplus;
  const quota = keysOfShade.map((keys) => {
    const dropped = Math.min(keys, left);
    left -= dropped;
    return dropped;
  });
  for (const [key, count] of counts) {
    const shade = shadeOf(count);
    const more = quota[shade] ?? 0;
    if (more === 0) continue;
    quota[shade] = more - 1;
    counts.delete(key);
  }
}
