import type { DescField, Message } from '@bufbuild/protobuf';

/** A message seen by its local property names. */
export type Properties = Message & Record<string, unknown>;

/** What protobuf-es keeps for a oneof. */
interface OneofValue {
  case: string | undefined;
  value?: unknown;
}

/** Writes a field's local value. Throws nothing; a oneof's other case is replaced. */
export function fieldSetter(field: DescField): (message: Message, value: unknown) => void {
  const name = field.localName;
  const oneof = field.oneof?.localName;
  if (oneof !== undefined) {
    return (message, value) => {
      (message as Properties)[oneof] = { case: name, value } satisfies OneofValue;
    };
  }
  return (message, value) => {
    (message as Properties)[name] = value;
  };
}

/** Reads a field's local value; undefined where the field is unset. */
export function fieldGetter(field: DescField): (message: Message) => unknown {
  const name = field.localName;
  const oneof = field.oneof?.localName;
  if (oneof !== undefined) {
    return (message) => {
      const value = (message as Properties)[oneof] as OneofValue;
      return value.case === name ? value.value : undefined;
    };
  }
  if (hasDefaultOnPrototype(field)) {
    return (message) => (Object.hasOwn(message, name) ? (message as Properties)[name] : undefined);
  }
  return (message) => (message as Properties)[name];
}

/** In editions, explicit presence of scalars is told by own properties over a prototype of defaults. */
function hasDefaultOnPrototype(field: DescField): boolean {
  return field.fieldKind === 'scalar' || field.fieldKind === 'enum';
}

/** Whether any case of the field's oneof is set. */
export function isOneofSet(message: Message, field: DescField): boolean {
  const oneof = field.oneof;
  return oneof !== undefined && ((message as Properties)[oneof.localName] as OneofValue).case !== undefined;
}
