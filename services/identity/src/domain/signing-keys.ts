export interface KeyTimes {
  generation: number;
  /** It signs from here until the next key does. */
  activeFrom: Date;
}

export interface KeySchedule {
  /** Age at which a key is followed by the next. */
  rotationMs: number;
  /** How long a new key is published before it signs, so that everybody has fetched it by then. */
  leadMs: number;
  /** How long a key is published after its last signature: the life of an access token, and some more. */
  overlapMs: number;
}

/** The key that signs at `now`: the newest that has begun. */
export function signingKeyAt<K extends KeyTimes>(keys: readonly K[], now: Date): K | undefined {
  return inOrder(keys).findLast((key) => key.activeFrom <= now);
}

/** The keys that verifiers are told of at `now`: the one that signs, those to come, and those whose tokens still live. */
export function publishedKeysAt<K extends KeyTimes>(keys: readonly K[], now: Date, { overlapMs }: KeySchedule): K[] {
  const ordered = inOrder(keys);
  return ordered.filter((_, index) => {
    const next = ordered[index + 1];
    return next === undefined || next.activeFrom.getTime() + overlapMs > now.getTime();
  });
}

/** Number and start of the key that must be made at `now`; undefined when none must. */
export function nextKeyAt(keys: readonly KeyTimes[], now: Date, schedule: KeySchedule): KeyTimes | undefined {
  const newest = inOrder(keys).at(-1);
  if (newest === undefined) return { generation: 1, activeFrom: now };
  if (now.getTime() - newest.activeFrom.getTime() < schedule.rotationMs) return undefined;
  return { generation: newest.generation + 1, activeFrom: new Date(now.getTime() + schedule.leadMs) };
}

function inOrder<K extends KeyTimes>(keys: readonly K[]): K[] {
  return keys.toSorted((a, b) => a.generation - b.generation);
}
