import { type DescField, type DescMessage, isMessage, type Message } from '@bufbuild/protobuf';

const nul = '\0';

/** The paths (`items[1].service_id`) of a message's texts that hold U+0000: valid UTF-8 that PostgreSQL cannot keep. */
export function findNulTexts(schema: DescMessage, message: Message): string[] {
  const found: string[] = [];
  visitMessage(schema, message, { prefix: '', found });
  return found;
}

interface Visit {
  /** Of the message's fields: empty, or a path with its dot. */
  readonly prefix: string;
  readonly found: string[];
}

function visitMessage(schema: DescMessage, message: Message, { prefix, found }: Visit): void {
  for (const field of schema.fields)
    visitValue(field, readField(field, message), { prefix: prefix + field.name, found });
}

function visitValue(field: DescField, value: unknown, { prefix, found }: Visit): void {
  if (typeof value === 'string') {
    if (value.includes(nul)) found.push(prefix);
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) visitValue(field, each, { prefix: `${prefix}[${index}]`, found });
  } else if (isMessage(value)) {
    if (field.message !== undefined) visitMessage(field.message, value, { prefix: `${prefix}.`, found });
  } else if (field.fieldKind === 'map') {
    if (Object.keys(value as object).some((key) => key.includes(nul))) found.push(prefix);
    for (const [key, each] of Object.entries(value as object)) {
      visitValue(field, each, { prefix: `${prefix}["${key}"]`, found });
    }
  }
}

function readField(field: DescField, message: Message): unknown {
  const values = message as unknown as Record<string, unknown>;
  if (field.oneof === undefined) return values[field.localName];
  const oneof = values[field.oneof.localName] as { case: string | undefined; value?: unknown };
  return oneof.case === field.localName ? oneof.value : undefined;
}
