import type { Context } from '../context.ts';
import { requireRoom } from './require-room.ts';

const limit = { max: 20, windowMs: 3_600_000 };

/**
 * Takes one change of e-mail address from the user. It stays taken where the change is refused: whoever asks which addresses are
 * taken asks for a few only.
 */
export async function requireEmailChange(ctx: Context, userId: string, now: Date): Promise<void> {
  const claim = { axis: 'email', key: userId, cost: 1, ...limit };
  await ctx.database.transaction((tx) => requireRoom(ctx, tx, [claim], now));
}
