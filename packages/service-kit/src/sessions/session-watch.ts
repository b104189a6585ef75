import type { Transport } from '@connectrpc/connect';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { createDenyList, type TokenSession } from './deny-list.ts';
import { createSessionCheck } from './session-check.ts';
import { type SessionFeed, startSessionFeed } from './session-feed.ts';

/** Whether a session lives, and for how long this may be believed, milliseconds. */
export interface SessionVerdict {
  isLive: boolean;
  believedMs: number;
}

/** What a process knows of ended sessions. */
export interface SessionWatch extends Closable {
  /** True when the session is known to have ended. Cheap: asked at every call. */
  isEnded(session: TokenSession): boolean;
  /** Finds out whether a session lives. Never throws. */
  judge(session: TokenSession): Promise<SessionVerdict>;
}

export interface SessionWatchOptions {
  /** A connection to the event stream, at once or later. */
  connect(): Promise<NatsConnection>;
  /** Leads to identity, for the time in which the stream cannot be heard. Without one such tokens are believed. */
  identity?: Transport | undefined;
  logger: Logger;
  telemetry: Telemetry;
  /** See SessionFeedOptions. */
  settleMs?: number | undefined;
}

/** An access token lives 15 minutes at most; the rest is for clocks that differ. */
const rememberMs = 20 * 60_000;
const believeMs = 60_000;
const believeUncheckedMs = 5_000;
const capacity = 100_000;

/** Starts listening for ended sessions. Waits for nothing. */
export function startSessionWatch(options: SessionWatchOptions): SessionWatch {
  const { telemetry, logger } = options;
  const denied = createDenyList({ keepMs: rememberMs, capacity });
  const feed = startSessionFeed({
    connect: options.connect,
    backMs: rememberMs,
    onEnded: (ended) => denied.add(ended, Date.now()),
    logger,
    settleMs: options.settleMs,
  });
  showHearing(telemetry, feed);
  const ask = createAsking(options);
  return {
    isEnded: (session) => denied.isDenied(session),
    async judge(session) {
      if (denied.isDenied(session)) return { isLive: false, believedMs: believeMs };
      const heardAgo = denied.isWhole(Date.now()) ? feed.heardAgo() : undefined;
      if (heardAgo !== undefined) return { isLive: true, believedMs: believeMs - heardAgo };
      const isLive = await ask(session);
      if (isLive === undefined) return { isLive: true, believedMs: believeUncheckedMs };
      return { isLive, believedMs: believeMs };
    },
    close: () => feed.close(),
  };
}

// Who can neither hear nor ask believes the token: it is signed, and it ends by itself within 15 minutes.
function createAsking({ identity, logger, telemetry }: SessionWatchOptions) {
  if (identity === undefined) return async () => undefined;
  const { sessionChecks } = telemetry.instruments;
  const check = createSessionCheck({ transport: identity });
  let isBlind = false;
  return async (session: TokenSession): Promise<boolean | undefined> => {
    const isLive = await check(session);
    sessionChecks.inc({ outcome: isLive === undefined ? 'unknown' : isLive ? 'live' : 'ended' });
    if (isBlind === (isLive === undefined)) return isLive;
    isBlind = isLive === undefined;
    if (isBlind) logger.warn({}, 'identity cannot be asked about sessions, valid tokens are believed');
    else logger.info({}, 'identity can be asked about sessions again');
    return isLive;
  };
}

function showHearing({ instruments }: Telemetry, feed: SessionFeed): void {
  const { sessionsHeard } = instruments;
  Object.assign(sessionsHeard, { collect: () => sessionsHeard.set(feed.heardAgo() === undefined ? 0 : 1) });
}
