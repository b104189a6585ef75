import type { Transaction } from '@mawid/service-kit';
import { lockAdmins } from '../db/user-states.ts';
import { errors } from '../errors.ts';

/** Refuses to take away the last admin who can sign in. To be called in the transaction that does it, before any other lock on a user. */
export async function requireOtherAdmin(
  tx: Transaction,
  target: { id: string } | { phoneNumber: string },
): Promise<void> {
  const admins = await lockAdmins(tx);
  const isTarget = (admin: { id: string; phoneNumber: string }) =>
    'id' in target ? admin.id === target.id : admin.phoneNumber === target.phoneNumber;
  if (admins.length === 1 && admins.some(isTarget)) throw errors.lastAdmin();
}
