import { type Caller, networkOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { requireRoom } from './require-room.ts';

/**
 * Takes one registration from the caller's address. It stays taken where the registration is refused: whoever asks which e-mail
 * addresses are taken asks for a few only.
 */
export async function requireRegistration(ctx: Context, caller: Caller, now: Date): Promise<void> {
  if (caller.address === undefined) return;
  const claim = { axis: 'registration', key: networkOf(caller.address), cost: 1, ...ctx.config.budgets.registrations };
  await ctx.database.transaction((tx) => requireRoom(ctx, tx, [claim], now));
}
