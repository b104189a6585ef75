import type { Transaction } from '@mawid/service-kit';
import { insertRevocations } from '../db/apple-revocations.ts';
import { lockUser } from '../db/session-versions.ts';

/**
 * Has what a user granted us at Apple revoked, once the transaction has committed: to be called before the user's row, or that of the
 * one identity, is deleted.
 */
export async function queueAppleRevocations(tx: Transaction, userId: string, identityId?: string): Promise<void> {
  // A link that commits between this and the deletion would take its grant away with it, unseen.
  await lockUser(tx, userId);
  await insertRevocations(tx, { userId, identityId });
}
