import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { isRequired, isRequiredOneof, messageRulesOf, sourceOf } from '@mawid/contracts';
import { enumLabel } from '../rest/codec/enum-codec.ts';
import { describe, joinTexts, toMessageText } from './comment-texts.ts';
import { fieldSchema, type SchemaRefs } from './field-schema.ts';
import type { Direction, Schema } from './types.ts';
import { wellKnownSchema } from './well-known-schema.ts';

/** The schemas of a document, made when they are first referred to. */
export interface Schemas extends SchemaRefs {
  /**
   * The schema of a message's members, less those that the path or the query fill; names are dotted. Undefined where none is left.
   * Not kept: it belongs to one request.
   */
  members(type: DescMessage, direction: Direction, without: ReadonlySet<string>): Schema | undefined;
  /** Everything that was referred to, by name, in alphabetical order. */
  all(): Readonly<Record<string, Schema>>;
}

const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An empty collection. Of two types with one name, or two selections of one type's members, the second is `Name2`. */
export function createSchemas(): Schemas {
  const made = new Map<string, { of: string; schema: Schema }>();
  const provide = (wanted: string, of: string, make: () => Schema): Schema => {
    const name = freeName(wanted, (each) => (made.get(each)?.of ?? of) === of);
    if (made.has(name)) return refTo(name);
    // Kept before it is made, so that recursive types end.
    const entry = { of, schema: {} };
    made.set(name, entry);
    entry.schema = make();
    return refTo(name);
  };
  const schemas: Schemas = {
    message: (type, direction) =>
      provide(messageName(type, direction), `${type.typeName} ${direction}`, () =>
        messageSchema(type, type.fields, { direction, schemas }),
      ),
    enumeration: (type) => provide(nestedName(type), type.typeName, () => enumSchema(type)),
    members: (type, direction, without) => {
      const fields = type.fields.filter(({ name }) => !without.has(name));
      if (wellKnownSchema(type) !== undefined || fields.length === 0) return undefined;
      if (fields.length === type.fields.length) return schemas.message(type, direction);
      return provide(messageName(type, direction), `${type.typeName} ${[...without].sort()}`, () =>
        messageSchema(type, fields, { direction, schemas }),
      );
    },
    all: () => {
      const sorted = [...made].sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(sorted.map(([name, { schema }]) => [name, schema]));
    },
  };
  return schemas;
}

function freeName(wanted: string, isFree: (name: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}${count}`;
    if (isFree(name)) return name;
  }
}

/** `CreateBookingRequest` as it is; what both ways use is `Money` in answers and `MoneyInput` in requests. */
function messageName(type: DescMessage, direction: Direction): string {
  const name = nestedName(type);
  return direction === 'response' || name.endsWith('Request') ? name : `${name}Input`;
}

/** `Outer.Inner` → `OuterInner`; the package is left out. */
function nestedName(type: DescMessage | DescEnum): string {
  return type.parent === undefined ? type.name : nestedName(type.parent) + type.name;
}

interface MessageReading {
  readonly direction: Direction;
  readonly schemas: SchemaRefs;
}

function messageSchema(
  type: DescMessage,
  fields: readonly DescField[],
  { direction, schemas }: MessageReading,
): Schema {
  const required = fields.filter((field) => isAlwaysThere(field, direction)).map(({ name }) => name);
  const properties = fields.map((field) => [field.name, fieldSchema(field, direction, schemas)]);
  const prose = (messageRulesOf(type)?.cel ?? []).map(({ message }) => message);
  return {
    type: 'object',
    ...describe(joinTexts(toMessageText(sourceOf(type)?.comment), ...prose)),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
    ...(direction === 'request' ? { additionalProperties: false } : {}),
    ...oneofSchema(type, fields),
  };
}

/** Answers hold every field but unset messages and unset optional fields. */
function isAlwaysThere(field: DescField, direction: Direction): boolean {
  if (isRequired(field)) return true;
  if (direction !== 'response') return false;
  return field.fieldKind === 'list' || field.fieldKind === 'map' || !hasPresence(field);
}

function hasPresence(field: DescField): boolean {
  return field.message !== undefined || field.oneof !== undefined || field.proto.proto3Optional;
}

/** At most one member of a oneof is given, and exactly one where it must be. */
function oneofSchema(type: DescMessage, fields: readonly DescField[]): Schema {
  const rules = type.oneofs.flatMap((oneof) => {
    const names = oneof.fields.filter((field) => fields.includes(field)).map(({ name }) => name);
    const pairs = names.flatMap((name, index) => names.slice(index + 1).map((other) => [name, other] as const));
    return [...pairs.map(notTogether), ...(isRequiredOneof(oneof) ? [notAbsent(names)] : [])];
  });
  return rules.length === 0 ? {} : { allOf: rules };
}

function notTogether(names: readonly string[]): Schema {
  return { not: { required: names, properties: Object.fromEntries(names.map((name) => [name, {}])) } };
}

function notAbsent(names: readonly string[]): Schema {
  return { not: { properties: Object.fromEntries(names.map((name) => [name, false])) } };
}

function enumSchema(type: DescEnum): Schema {
  const lines = type.values.map((value) => {
    const comment = sourceOf(value)?.comment ?? '';
    return `* \`${enumLabel(type, value.name)}\`${comment === '' ? '' : `: ${comment}`}`;
  });
  return {
    type: 'string',
    enum: type.values.map(({ name }) => enumLabel(type, name)),
    description: joinTexts(sourceOf(type)?.comment, lines.join('\n')),
  };
}
