export interface KeyTimes {
  generation: number;
  /** It signs from here until the next key does. */
  activeFrom: Date;
  /** Since when it is withdrawn: in foreign hands. */
  retiredAt?: Date | undefined;
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
  return trusted(keys).findLast((key) => key.activeFrom <= now);
}

/** The keys that verifiers are told of at `now`: the one that signs, those to come, and those whose tokens still live. */
export function publishedKeysAt<K extends KeyTimes>(keys: readonly K[], now: Date, { overlapMs }: KeySchedule): K[] {
  const ordered = trusted(keys);
  return ordered.filter((_, index) => {
    const next = ordered[index + 1];
    return next === undefined || next.activeFrom.getTime() + overlapMs > now.getTime();
  });
}

/** Number and start of the key that must be made at `now`; undefined when none must. */
export function nextKeyAt(keys: readonly KeyTimes[], now: Date, schedule: KeySchedule): KeyTimes | undefined {
  const newest = trusted(keys).at(-1);
  const isDue = newest === undefined || now.getTime() - newest.activeFrom.getTime() >= schedule.rotationMs;
  return isDue || signingKeyAt(keys, now) === undefined ? earlyKeyAt(keys, now, schedule) : undefined;
}

/** Number and start of the key that follows at `now` whatever the age of the last one; where none signs, it does at once. */
export function earlyKeyAt(keys: readonly KeyTimes[], now: Date, { leadMs }: KeySchedule): KeyTimes {
  const waitMs = signingKeyAt(keys, now) === undefined ? 0 : leadMs;
  return { generation: nextGeneration(keys), activeFrom: new Date(now.getTime() + waitMs) };
}

/** The key that is published and will follow the one that signs. */
export function pendingKeyAt<K extends KeyTimes>(keys: readonly K[], now: Date): K | undefined {
  if (signingKeyAt(keys, now) === undefined) return undefined;
  return trusted(keys).find((key) => key.activeFrom > now);
}

/** The number after all others, withdrawn ones too. */
export function nextGeneration(keys: readonly KeyTimes[]): number {
  return Math.max(0, ...keys.map((key) => key.generation)) + 1;
}

function trusted<K extends KeyTimes>(keys: readonly K[]): K[] {
  return keys.filter((key) => key.retiredAt === undefined).toSorted((a, b) => a.generation - b.generation);
}
