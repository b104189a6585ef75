import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { sumChecks } from '../db/check-counts.ts';
import { isSpraying } from '../domain/spraying.ts';

/** Whether codes are being guessed all over the system at this time. */
export async function isSprayed({ clock, config }: Pick<Context, 'clock' | 'config'>, on: Queryable): Promise<boolean> {
  return isSpraying(await sumChecks(on, clock.now()), config.spraying);
}
