import type { StandinRequest } from './http-types.ts';

export type Fields = Record<string, unknown>;

/** JSON object or form fields, whichever the content type says; undefined when it is neither or does not parse. */
export function parseFields(request: StandinRequest): Fields | undefined {
  if (request.body === '') return {};
  return isForm(request) ? parseForm(request.body) : parseJsonObject(request.body);
}

export function isForm(request: StandinRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

export function parseJsonObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `a=1&source[type]=token` into `{ a: '1', source: { type: 'token' } }`; one level of brackets. */
export function parseForm(text: string): Fields {
  const fields: Fields = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const bracket = /^([^[\]]+)\[([^[\]]*)\]$/.exec(name);
    if (bracket === null) fields[name] = value;
    else fields[bracket[1] ?? ''] = { ...toFields(fields[bracket[1] ?? '']), [bracket[2] ?? '']: value };
  }
  return fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function toFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** A trimmed text, or undefined when absent, empty or not a text. */
export function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}
