import type { Profile } from '../db/users.ts';
import type { Language } from '../domain/user.ts';

/** The profile fields of a request, trimmed. */
export function toProfile(request: {
  email: string;
  firstName: string;
  lastName: string;
  preferredLanguage: string;
}): Profile {
  return {
    email: request.email.trim() || undefined,
    firstName: request.firstName.trim(),
    lastName: request.lastName.trim(),
    preferredLanguage: (request.preferredLanguage || undefined) as Language | undefined,
  };
}
