import type { ApiDocument, Json } from './api-document.ts';

/**
 * A request's value as the document spells it. The gateway understands more, and the document's introduction says so in words: camelCase names, the full
 * names of enum values, `null` and an empty text for "not given", integers as strings, and, where `lenient`, numbers for texts.
 */
export function toDocumented(
  value: unknown,
  schema: unknown,
  { api, lenient }: { api: ApiDocument; lenient: boolean },
): unknown {
  const known = api.follow(schema);
  if (Array.isArray(value)) return value.map((each) => toDocumented(each, known.items, { api, lenient }));
  if (typeof value === 'object' && value !== null) return toMembers(value as Json, known, { api, lenient });
  if (typeof value === 'string') return toDocumentedText(value, known);
  return lenient && known.type === 'string' && typeof value === 'number' ? String(value) : value;
}

function toMembers(value: Json, schema: Json, context: { api: ApiDocument; lenient: boolean }): Json {
  const properties = (schema.properties ?? {}) as Json;
  const required = (schema.required ?? []) as string[];
  const members = Object.entries(value).flatMap(([key, member]) => {
    const name = key in properties ? key : toSnakeCase(key);
    const isNotGiven = member === null || (member === '' && !required.includes(name));
    if (isNotGiven && name in properties) return [];
    return [[name in properties ? name : key, toDocumented(member, properties[name], context)] as const];
  });
  return Object.fromEntries(members);
}

function toDocumentedText(value: string, { type, enum: labels }: Json): unknown {
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  const isFullName = Array.isArray(labels) && !labels.includes(value) && /^[A-Z][A-Z0-9_]*$/.test(value);
  if (!isFullName) return value;
  return labels.find((label: string) => value.toLowerCase().endsWith(`_${label}`)) ?? value;
}

/** `phoneNumber` → `phone_number`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
