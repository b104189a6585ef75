import { type SeenSecrets, toLatinDigits, toSharedDigits } from './seen-secrets.ts';

/** A text that a person or a program may read later, and where it stands. */
export interface ReadableText {
  /** `identity.log:12`, or the span's service and name. */
  readonly place: string;
  readonly text: string;
}

interface Found {
  readonly kind: string;
  readonly value: string;
}

// Not within a longer number, an id, a decimal, or a time with its fraction.
const sixDigits = /(?<![\w.-]|\d:)\d{6}(?![\w-]|[.:]\d)/g;
const phoneLike = /\+?\d[\d ()-]{7,20}\d/g;
const jwt = /\beyJ[\w-]{8,}\.[\w-]*\.[\w-]*/g;
const bearer = /\bBearer\s+[\w.~+/-]{16,}=*/gi;
const deviceToken = /\bmd1\.[\w-]{22}\.[\w-]{22}/g;
const word = /[\w-]{20,}/g;

/**
 * Every secret in the texts, as `place: kind v•••` with no more than the beginning of what was found. Empty where there is none. Codes and
 * numbers are compared with those of the run, for six digits alone are many things; tokens are also known by their shape.
 */
export function findSecrets(seen: SeenSecrets, texts: Iterable<ReadableText>): string[] {
  const findings = new Set<string>();
  const [words, others] = splitTokens(seen);
  for (const { place, text } of texts) {
    const plain = toLatinDigits(text);
    const found = [...findCodes(seen, plain), ...findPhones(seen, plain), ...findTokens(plain, words, others)];
    found.push(...findEmails(seen, plain));
    for (const { kind, value } of found) findings.add(`${place}: ${kind} ${value.slice(0, 2)}•••`);
  }
  return [...findings];
}

function findCodes({ codes }: SeenSecrets, text: string): Found[] {
  const values = text.match(sixDigits) ?? [];
  return toFound(
    'one-time code',
    values.filter((digits) => codes.has(digits)),
  );
}

function findPhones({ phones }: SeenSecrets, text: string): Found[] {
  const values = [...text.matchAll(phoneLike)].flatMap(([match]) => [match, ...match.split(/[ ()]+/)]);
  return toFound(
    'phone number',
    values.filter((value) => phones.has(toSharedDigits(value) ?? '')),
  );
}

function findTokens(text: string, words: SeenSecrets['tokens'], others: SeenSecrets['tokens']): Found[] {
  const byShape = [
    ...toFound('JWT', text.match(jwt)),
    ...toFound('Bearer token', text.match(bearer)),
    ...toFound('device token', text.match(deviceToken)),
  ];
  const known = (text.match(word) ?? []).flatMap((value) =>
    toFound(words.get(value) ?? '', words.has(value) ? [value] : []),
  );
  const whole = [...others].flatMap(([value, kind]) => toFound(kind, text.includes(value) ? [value] : []));
  return [...byShape, ...known, ...whole];
}

function findEmails({ emails }: SeenSecrets, text: string): Found[] {
  const values = text.match(/[\w.+-]+@[\w.-]+\w/g) ?? [];
  return toFound(
    'e-mail address',
    values.filter((value) => emails.has(value.toLowerCase())),
  );
}

const toFound = (kind: string, values: readonly string[] | null): Found[] =>
  (values ?? []).map((value) => ({ kind, value }));

// Most are one word of base64url: looked up, not searched for, so that a long run stays quick.
function splitTokens({ tokens }: SeenSecrets): readonly [SeenSecrets['tokens'], SeenSecrets['tokens']] {
  const entries = [...tokens];
  const isWord = ([value]: (typeof entries)[number]) => /^[\w-]{20,}$/.test(value);
  // Found by their shape already.
  const hasShape = ([value]: (typeof entries)[number]) => /^(?:eyJ[\w-]{8,}\.[\w-]*\.[\w-]*|md1\.[\w.-]+)$/.test(value);
  return [new Map(entries.filter(isWord)), new Map(entries.filter((each) => !isWord(each) && !hasShape(each)))];
}
