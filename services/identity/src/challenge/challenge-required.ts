import type { ConnectError } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { createPuzzle } from './proof-of-work.ts';

/** The refusal that asks for a solved puzzle and brings one along. */
export async function challengeRequired(ctx: Context): Promise<ConnectError> {
  const { kind, text, expiresAt } = await createPuzzle(ctx);
  return errors.challengeRequired({ kind, puzzle: text, expires_at: expiresAt.toISOString() });
}
