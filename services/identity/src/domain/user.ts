export type Role = 'customer' | 'staff' | 'manager' | 'admin';
export type Language = 'ar' | 'en';
/** Erased users are gone. */
export type UserState = 'provisional' | 'active' | 'suspended';

export interface User {
  id: string;
  phoneNumber: string;
  email: string | undefined;
  role: Role;
  firstName: string;
  lastName: string;
  preferredLanguage: Language | undefined;
  verifiedAt: Date | undefined;
  /** Set while an operator keeps the user from signing in. */
  suspendedAt: Date | undefined;
  /** Set together with `suspendedAt`. */
  suspensionReason: string | undefined;
  sessionVersion: number;
  /** Grows with each change. */
  version: number;
  createdAt: Date;
}

export function stateOf({ suspendedAt, verifiedAt }: Pick<User, 'suspendedAt' | 'verifiedAt'>): UserState {
  if (suspendedAt !== undefined) return 'suspended';
  return verifiedAt === undefined ? 'provisional' : 'active';
}

/** First and last name, else the phone number; never the e-mail address. */
export function displayName({ firstName, lastName, phoneNumber }: User): string {
  return [firstName, lastName].filter((part) => part !== '').join(' ') || phoneNumber;
}

/** The language to write to a person in: their choice, else what the request asked for, else that of the number. */
export function languageOf(
  person: { preferredLanguage?: Language | undefined; phoneNumber: string },
  asked?: Language,
): Language {
  return person.preferredLanguage ?? asked ?? (person.phoneNumber.startsWith('+966') ? 'ar' : 'en');
}
