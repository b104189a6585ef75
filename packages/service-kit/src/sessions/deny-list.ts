import { oldestFirst } from '../oldest-first.ts';

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
export function createDenyList(options: DenyListOptions): DenyList {
  const { keepMs } = options;
  const sessions = createEndings(options);
  const users = createEndings(options);
  return {
    add({ userId, sessionId, sessionVersion }, now) {
      const until = now + keepMs;
      if (sessionId !== '') return sessions.put(sessionId, { until, version: 0 });
      users.put(userId, { until, version: Math.max(sessionVersion, users.get(userId)?.version ?? 0) });
    },
    isDenied({ userId, sessionId, sessionVersion }) {
      return sessions.get(sessionId) !== undefined || sessionVersion < (users.get(userId)?.version ?? 0);
    },
    isWhole: (now) => now >= Math.max(sessions.brokenUntil, users.brokenUntil),
    get size() {
      return sessions.size + users.size;
    },
  };
}

/** Entries in the order of their end. */
function createEndings({ keepMs, capacity }: DenyListOptions) {
  const entries = new Map<string, Entry>();
  const oldest = oldestFirst(entries);
  let brokenUntil = Number.NEGATIVE_INFINITY;
  return {
    get: (key: string) => entries.get(key),
    put(key: string, entry: Entry): void {
      entries.delete(key);
      entries.set(key, entry);
      const now = entry.until - keepMs;
      for (let first = oldest(); first !== undefined; first = oldest()) {
        const [firstKey, { until }] = first;
        if (until > now && entries.size <= capacity) return;
        entries.delete(firstKey);
        if (until > now) brokenUntil = Math.max(brokenUntil, until);
      }
    },
    get size() {
      return entries.size;
    },
    get brokenUntil() {
      return brokenUntil;
    },
  };
}
