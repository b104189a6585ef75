import type { Caller, Transaction } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import {
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  retireSigningKeys,
  type StoredKey,
} from '../db/signing-keys.ts';
import { earlyKeyAt, nextGeneration, pendingKeyAt } from '../domain/signing-keys.ts';
import { createSigningKey } from './create-signing-key.ts';

/**
 * The next signing key before its time. It is published first and signs after the schedule's lead, so that nobody meets a key
 * they cannot know; one that waits already is answered again. Where the present keys are compromised they are withdrawn and the
 * new one signs at once: every access token dies, and clients refresh.
 */
export async function rotateEarly(ctx: Context, caller: Caller, isCompromised: boolean): Promise<StoredKey> {
  const key = await ctx.database.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const made = isCompromised ? await replaceKeys(ctx, tx) : await makeNextKey(ctx, tx);
    const details = { kid: made.kid, is_compromised: String(isCompromised) };
    await recordAudit(ctx, tx, caller, { kind: 'signing_key_rotated', outcome: 'ok', details });
    return made;
  });
  ctx.keyRing.forget();
  return key;
}

async function makeNextKey({ clock, config }: Context, tx: Transaction): Promise<StoredKey> {
  const now = clock.now();
  const keys = await listSigningKeys(tx);
  const pending = pendingKeyAt(keys, now);
  if (pending) return pending;
  const key = await createSigningKey(earlyKeyAt(keys, now, config.keys), config.signingKeySecret);
  await insertSigningKey(tx, key, now);
  return key;
}

async function replaceKeys({ clock, config }: Context, tx: Transaction): Promise<StoredKey> {
  const now = clock.now();
  const times = { generation: nextGeneration(await listSigningKeys(tx)), activeFrom: now };
  await retireSigningKeys(tx, now);
  const key = await createSigningKey(times, config.signingKeySecret);
  await insertSigningKey(tx, key, now);
  return key;
}
