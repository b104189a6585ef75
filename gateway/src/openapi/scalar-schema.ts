import { ScalarType } from '@bufbuild/protobuf';
import type { Schema } from './types.ts';

/** No text of ours is longer; what a field's rule says is tighter. */
export const longestText = 10_000;
/** No list of ours is longer; what a field's rule says is tighter. */
export const longestList = 10_000;

const int32 = { type: 'integer', format: 'int32', minimum: -0x80000000, maximum: 0x7fffffff };
const uint32 = { type: 'integer', format: 'int64', minimum: 0, maximum: 0xffffffff };
// JSON numbers hold integers up to 2^53 − 1 exactly; larger ones are refused.
const int64 = {
  type: 'integer',
  format: 'int64',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
};
const uint64 = { ...int64, minimum: 0 };

const schemas: Readonly<Record<ScalarType, Schema>> = {
  [ScalarType.STRING]: { type: 'string', maxLength: longestText },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64', maxLength: 350_000 },
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.FLOAT]: { type: 'number', format: 'float' },
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
};

/** How a scalar looks in our JSON, with the bounds that its type has. */
export function scalarSchema(type: ScalarType): Schema {
  return schemas[type];
}
