import type { Context } from '../context.ts';
import type { Moment } from '../db/sessions.ts';
import { idleSince } from '../domain/session.ts';

/** Now, for statements that ask which sessions live. */
export function sessionMoment({ clock, config }: Pick<Context, 'clock' | 'config'>): Moment {
  const now = clock.now();
  return { now, idleSince: idleSince(now, config.sessions) };
}
