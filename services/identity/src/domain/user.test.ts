import { describe, expect, it } from '@jest/globals';
import { displayName, languageOf, stateOf, type User } from './user.ts';

const user: User = {
  id: 'u',
  phoneNumber: '+966512345678',
  email: 'n@example.com',
  role: 'customer',
  firstName: 'نورة',
  lastName: 'العتيبي',
  preferredLanguage: undefined,
  verifiedAt: undefined,
  suspendedAt: undefined,
  suspensionReason: undefined,
  sessionVersion: 1,
  version: 1,
  createdAt: new Date(0),
};

describe('displayName', () => {
  it.each([
    [user, 'نورة العتيبي'],
    [{ ...user, lastName: '' }, 'نورة'],
    [{ ...user, firstName: '' }, 'العتيبي'],
    [{ ...user, firstName: '', lastName: '' }, '+966512345678'],
  ])('is names, else the phone number', (person, expected) => {
    expect(displayName(person)).toBe(expected);
  });
});

describe('languageOf', () => {
  const saudi = '+966512345678';
  const german = '+4915112345678';

  it.each([
    [saudi, 'en', 'ar', 'en'],
    [saudi, undefined, 'en', 'en'],
    [saudi, undefined, undefined, 'ar'],
    [german, undefined, undefined, 'en'],
    [german, undefined, 'ar', 'ar'],
  ] as const)('of %s who prefers %s and asks for %s is %s', (phoneNumber, preferredLanguage, asked, expected) => {
    expect(languageOf({ phoneNumber, preferredLanguage }, asked)).toBe(expected);
  });
});

describe('stateOf', () => {
  const [then, never] = [new Date(0), undefined];

  it.each([
    [never, never, 'provisional'],
    [then, never, 'active'],
    [then, then, 'suspended'],
    [never, then, 'suspended'],
  ])('of one verified at %s and suspended at %s is %s', (verifiedAt, suspendedAt, expected) => {
    expect(stateOf({ verifiedAt, suspendedAt })).toBe(expected);
  });
});
