/** What was secret, or somebody's own, in the requests, answers and messages of one run. */
export interface SeenSecrets {
  /** One-time codes that reached a phone. */
  readonly codes: Set<string>;
  /** Access, refresh and ID tokens, device names with our signature, passwords. */
  readonly tokens: Map<string, SecretKind>;
  /** Numbers without their country's prefix where that is Saudi, so that every spelling is found. */
  readonly phones: Set<string>;
  readonly emails: Set<string>;
  /** Takes over what a request or an answer holds, at any depth. */
  note(value: unknown): void;
}

export type SecretKind =
  | 'access token'
  | 'refresh token'
  | 'ID token'
  | 'authorization code'
  | 'device token'
  | 'password';

const tokenMembers: Readonly<Record<string, SecretKind>> = {
  access: 'access token',
  refresh: 'refresh token',
  id_token: 'ID token',
  authorization_code: 'authorization code',
  password: 'password',
};

/** A run that has just begun. */
export function createSeenSecrets(): SeenSecrets {
  const seen: SeenSecrets = {
    codes: new Set(),
    tokens: new Map(),
    phones: new Set(),
    emails: new Set(),
    note: (value) => noteValue(seen, '', value),
  };
  return seen;
}

/** The digits that all spellings of a number share: 512345678 for every way to write +966 51 234 5678. Undefined for what is no number. */
export function toSharedDigits(text: string): string | undefined {
  const digits = toLatinDigits(text).replaceAll(/[^\d]/g, '').replace(/^00/, '');
  const national = digits.replace(/^(?:966)?0?(?=5\d{8}$)/, '');
  return national.length >= 9 && national.length <= 15 ? national : undefined;
}

/** The same text with 0–9 where Arabic-Indic or Persian digits were. */
export function toLatinDigits(text: string): string {
  return text.replaceAll(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}

function noteValue(seen: SeenSecrets, name: string, value: unknown): void {
  if (typeof value === 'string') noteText(seen, name, value);
  else if (Array.isArray(value)) for (const each of value) noteValue(seen, name, each);
  else if (value !== null && typeof value === 'object') {
    for (const [key, each] of Object.entries(value)) noteValue(seen, toSnakeCase(key), each);
  }
}

function noteText(seen: SeenSecrets, name: string, text: string): void {
  const kind = tokenMembers[name];
  // Shorter ones are guesses of a test, and words of any log.
  if (kind !== undefined && text.length >= (kind === 'password' ? 8 : 20)) seen.tokens.set(text, kind);
  if (name === 'email' && text.includes('@')) seen.emails.add(text.toLowerCase());
  if (name === 'phone_number' || name === 'to') notePhone(seen, text);
}

function notePhone(seen: SeenSecrets, text: string): void {
  const digits = text.includes('@') ? undefined : toSharedDigits(text);
  if (digits !== undefined) seen.phones.add(digits);
}

const toSnakeCase = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
