import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { DecodeError } from './decode-error.ts';

const path = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*$/;

/** `display_name,address.city` (or its camelCase) → FieldMask with proto names. Throws `field_mask`. */
export function parseFieldMask(text: unknown): FieldMask {
  if (typeof text !== 'string') throw new DecodeError('field_mask');
  const paths = text === '' ? [] : text.split(',');
  if (!paths.every((each) => path.test(each))) throw new DecodeError('field_mask');
  return { $typeName: 'google.protobuf.FieldMask', paths: paths.map(toSnakeCase) };
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
