import { create, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { BindingError } from './boot-error.ts';
import { DecodeError } from './codec/decode-error.ts';
import { fieldGetter, fieldSetter, isOneofSet } from './codec/field-access.ts';

/** Finds the fields a dotted path names, by proto name. Throws {@link BindingError} that names the missing field or the step that is no message. */
export function resolveFieldPath(type: DescMessage, path: readonly string[]): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = type;
  for (const name of path) {
    if (message === undefined) throw new BindingError(`"${path.join('.')}" goes through a field that is not a message`);
    const field: DescField | undefined = message.fields.find((each) => each.name === name);
    if (field === undefined) throw new BindingError(`${message.typeName} has no field "${name}"`);
    fields.push(field);
    message = field.fieldKind === 'message' ? field.message : undefined;
  }
  return fields;
}

/** Writes a value at the end of a path, making the messages on the way. Throws DecodeError where another member of a oneof is set already. */
export function pathSetter(fields: readonly DescField[]): (message: Message, value: unknown) => void {
  const last = fields.at(-1);
  if (last === undefined) throw new TypeError('an empty field path');
  const parents = fields.slice(0, -1).map(childGetter);
  const get = fieldGetter(last);
  const set = fieldSetter(last);
  return (message, value) => {
    let target = message;
    for (const child of parents) target = child(target);
    if (get(target) === undefined) assertOneofFree(target, last);
    set(target, value);
  };
}

/** Gets the message in a field, and makes it where there is none. Throws DecodeError where another member of its oneof is set. */
export function childGetter(field: DescField): (message: Message) => Message {
  const get = fieldGetter(field);
  const set = fieldSetter(field);
  const type = field.message;
  if (type === undefined) throw new TypeError(`${field.name} is not a message`);
  return (message) => {
    const present = get(message) as Message | undefined;
    if (present !== undefined) return present;
    assertOneofFree(message, field);
    const made = create(type);
    set(message, made);
    return made;
  };
}

function assertOneofFree(message: Message, field: DescField): void {
  if (isOneofSet(message, field)) throw new DecodeError('oneof', { name: field.oneof?.name ?? '' });
}
