const hiddenKeys = new Set(
  [
    ...['phone', 'phone_number', 'email', 'to', 'recipient', 'code', 'otp', 'secret', 'password', 'pepper'],
    ...['token', 'access', 'refresh', 'access_token', 'refresh_token', 'id_token', 'authorization', 'cookie'],
    ...['api_key', 'apikey', 'secret_key', 'x_authorization', 'card', 'cvc', 'iban'],
  ].map(toPlainKey),
);

// A bare number must not start in the middle of an id, a decimal or right after `":` (a JSON number stays a number).
const phone = /(\+\d{4}|(?<![\w.-])(?<!":)(?:00)?9665|(?<![\w.-])(?<!":)05)\d{3,8}(\d{3})(?!\d)/g;
const email = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
// Signed or sealed; the key's part of a sealed one is empty when both sides have the key.
const jwt = /\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*(\.[\w-]*){0,2}/g;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
const urlPassword = /(:\/\/[^\s:/@]*):[^\s@/]+@/g;

const deepest = 4;
const hidden = '[hidden]';

/** Hides phone numbers (`+9665•••••123`), e-mails, tokens and passwords in URLs inside a text. */
export function maskText(text: string): string {
  return text
    .replace(urlPassword, '$1:•••@')
    .replace(jwt, '[token]')
    .replace(bearer, '$1 [token]')
    .replace(email, '[email]')
    .replace(phone, '$1•••••$2');
}

/** A copy of a log object without what must not be logged: by key at any depth up to four, and in every text. */
export function maskObject(value: object, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) copy[key] = isHiddenKey(key, each) ? hidden : maskValue(each, depth);
  return copy;
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return maskError(value, depth);
  if (depth >= deepest || ArrayBuffer.isView(value)) return '[…]';
  if (Array.isArray(value)) return value.map((each) => maskValue(each, depth + 1));
  return maskObject(value, depth + 1);
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: maskText(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: maskText(error.stack) }),
    ...(error.cause === undefined || depth >= deepest ? {} : { cause: maskValue(error.cause, depth + 1) }),
  };
}

// `code` hides one-time codes; a status such as `code: 9` or `code: 'ECONNREFUSED'` is what an operator needs.
function isHiddenKey(key: string, value: unknown): boolean {
  const plain = toPlainKey(key);
  if (value === undefined || value === null || !hiddenKeys.has(plain)) return false;
  return (
    plain !== 'code' || (typeof value === 'string' ? /^\d{3,}$/.test(value) : typeof value === 'number' && value > 999)
  );
}

function toPlainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, '');
}
