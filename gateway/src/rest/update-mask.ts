import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { fieldGetter, fieldSetter } from './codec/field-access.ts';
import type { JsonObject, JsonValue } from './codec/json-text.ts';

/** Names the members that a body has in the request's mask, unless the request has one already. */
export type MaskFiller = (message: Message, body: JsonValue) => void;

const maskField = 'update_mask';

/**
 * AIP-134: a PATCH without `update_mask` changes the fields that were sent, so the mask is made of the body: `{"title": "x", "price": {"amount": 1}}` is
 * `title,price.amount`. Members that the path fills (`bound`, dotted, from the body's field on) are not among them: a path names the resource and changes
 * nothing of it. Undefined for requests without such a mask beside a body that is a message.
 */
export function compileMaskFiller(
  type: DescMessage,
  body: DescField,
  bound: ReadonlySet<string>,
): MaskFiller | undefined {
  const mask = type.fields.find((each) => each.name === maskField);
  if (mask?.message?.typeName !== 'google.protobuf.FieldMask' || mask.fieldKind !== 'message') return undefined;
  const { message: resource } = body;
  if (resource === undefined || body.fieldKind !== 'message' || isOpaque(resource)) return undefined;
  const get = fieldGetter(mask);
  const set = fieldSetter(mask);
  return (message, json) => {
    if (!(json instanceof Map) || get(message) !== undefined) return;
    const paths = pathsOf(json, resource).filter((path) => !bound.has(`${body.name}.${path}`));
    set(message, { $typeName: 'google.protobuf.FieldMask', paths });
  };
}

/** The dotted names of what an object has, down to the first value that is no message of ours. Members that no field has are left out. */
function pathsOf(object: JsonObject, type: DescMessage): string[] {
  return [...object].flatMap(([key, value]) => {
    const field = type.fields.find((each) => each.name === key || each.jsonName === key);
    if (field === undefined) return [];
    if (field.fieldKind !== 'message' || isOpaque(field.message)) return [field.name];
    const inner = value instanceof Map ? pathsOf(value, field.message) : [];
    return inner.length === 0 ? [field.name] : inner.map((path) => `${field.name}.${path}`);
  });
}

/** Whether a mask cannot look inside: a well-known type is a value. */
function isOpaque(type: DescMessage): boolean {
  return type.typeName.startsWith('google.protobuf.') || type.typeName === 'google.api.HttpBody';
}
