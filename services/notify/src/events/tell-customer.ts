import type { Queryable } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import type { BookingDraft } from '../domain/text-draft.ts';

/** Writes the message, unless the booking is a guest's: the salon wrote them down, and they have no account to be reached by. */
export async function tellCustomer(tx: Queryable, draft: BookingDraft): Promise<void> {
  if (draft.userId !== '') await insertText(tx, draft);
}
