import type { UserContact } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { Transaction } from '@mawid/service-kit';
import { hastenMessagesTo, saveContact } from '../db/contacts.ts';
import { toLanguage } from './to-language.ts';

/** Keeps a contact if it is newer than the one known, and sends what waited for it. */
export async function keepContact(tx: Transaction, contact: UserContact | undefined): Promise<void> {
  if (!contact) throw new Error('the event has no contact');
  const isNews = await saveContact(tx, {
    userId: contact.userId,
    phone: contact.phoneNumber,
    email: contact.email || undefined,
    language: toLanguage(contact.language),
    firstName: contact.firstName,
    lastName: contact.lastName,
    isPhoneVerified: contact.isPhoneVerified,
    version: contact.version,
  });
  if (isNews) await hastenMessagesTo(tx, contact.userId);
}
