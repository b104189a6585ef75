import { recordSystemAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { insertSigningKey, listSigningKeys, lockSigningKeys } from '../db/signing-keys.ts';
import { nextKeyAt } from '../domain/signing-keys.ts';
import { createSigningKey } from './create-signing-key.ts';

/** Makes the next signing key when it is due; of several processes that see it, one does. */
export async function rotateOnSchedule(ctx: Context): Promise<void> {
  const { clock, config, database } = ctx;
  const now = clock.now();
  // The table is locked only where there is something to do.
  if (nextKeyAt(await listSigningKeys(database), now, config.keys) === undefined) return;
  await database.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const next = nextKeyAt(await listSigningKeys(tx), now, config.keys);
    if (next === undefined) return;
    const key = await createSigningKey(next, config.signingKeySecret);
    await insertSigningKey(tx, key, now);
    await recordSystemAudit(ctx, tx, { kind: 'signing_key_rotated', outcome: 'ok', details: { kid: key.kid } });
  });
  ctx.keyRing.forget();
}
