/** What an event says of sessions that have ended: one by its id, or all of a user's of an older version. */
export interface EndedSessions {
  userId: string;
  /** Empty for all sessions of the user. */
  sessionId: string;
  /** For all of them: those of a smaller version are over. */
  sessionVersion: number;
}

/** What an access token says of its session. */
export interface TokenSession {
  userId: string;
  sessionId: string;
  sessionVersion: number;
}

/** The sessions that have ended lately, for as long as their access tokens can live. */
export interface DenyList {
  add(ended: EndedSessions, now: number): void;
  isDenied(session: TokenSession): boolean;
  /** False while something had to be forgotten before its time. */
  isWhole(now: number): boolean;
  readonly size: number;
}

export interface DenyListOptions {
  /** How long an entry is kept, milliseconds. */
  keepMs: number;
  /** Entries of each kind; the oldest go first. */
  capacity: number;
}

interface Entry {
  until: number;
  /** Of a user: versions below are over. */
  version: number;
}

/** Creates an empty list. Times are milliseconds of the clock that tokens are held against. */
export function createDenyList({ keepMs, capacity }: DenyListOptions): DenyList {
  const sessions = new Map<string, Entry>();
  const users = new Map<string, Entry>();
  let brokenUntil = Number.NEGATIVE_INFINITY;

  function put(entries: Map<string, Entry>, key: string, entry: Entry): void {
    // Entries stand in the order of their end, so the first ones are the ones to drop.
    entries.delete(key);
    entries.set(key, entry);
    const now = entry.until - keepMs;
    for (const [first, { until }] of entries) {
      if (until > now && entries.size <= capacity) return;
      entries.delete(first);
      if (until > now) brokenUntil = Math.max(brokenUntil, until);
    }
  }

  return {
    add({ userId, sessionId, sessionVersion }, now) {
      const until = now + keepMs;
      if (sessionId !== '') return put(sessions, sessionId, { until, version: 0 });
      put(users, userId, { until, version: Math.max(sessionVersion, users.get(userId)?.version ?? 0) });
    },
    isDenied({ userId, sessionId, sessionVersion }) {
      return sessions.has(sessionId) || sessionVersion < (users.get(userId)?.version ?? 0);
    },
    isWhole: (now) => now >= brokenUntil,
    get size() {
      return sessions.size + users.size;
    },
  };
}
