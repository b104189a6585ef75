import type { Queryable } from '@mawid/service-kit';
import type { Language } from '../domain/facts.ts';

export interface Contact {
  readonly userId: string;
  readonly phone: string;
  readonly email: string | undefined;
  readonly language: Language;
  readonly firstName: string;
  readonly lastName: string;
  readonly isPhoneVerified: boolean;
  readonly version: bigint;
}

/** Keeps the newest version of a contact; false for one that is not newer than what is known, or of somebody who is gone. */
export async function saveContact(on: Queryable, contact: Contact): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'contacts.save',
    text: `INSERT INTO contacts (user_id, phone, email, language, first_name, last_name, is_phone_verified, version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (user_id) DO UPDATE
              SET phone = excluded.phone, email = excluded.email, language = excluded.language,
                  first_name = excluded.first_name, last_name = excluded.last_name,
                  is_phone_verified = excluded.is_phone_verified, version = excluded.version, updated_at = now()
            WHERE contacts.version < excluded.version AND contacts.erased_at IS NULL`,
    values: [
      ...[contact.userId, contact.phone, contact.email, contact.language, contact.firstName, contact.lastName],
      ...[contact.isPhoneVerified, contact.version],
    ],
  });
  return rowCount === 1;
}

/** Makes the messages due that waited for a contact to be known. */
export async function hastenMessagesTo(on: Queryable, userId: string): Promise<void> {
  await on.query({
    name: 'messages.hasten',
    text: `UPDATE messages SET next_attempt_at = now()
            WHERE user_id = $1 AND state = 'queued' AND lane = 'text' AND phone IS NULL AND next_attempt_at > now()`,
    values: [userId],
  });
}
