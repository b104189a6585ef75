import type { DescMessage } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { scalarSchema } from './scalar-schema.ts';
import type { Schema } from './types.ts';

const schemas: Readonly<Record<string, Schema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time', maxLength: 35 },
  'google.protobuf.Duration': {
    type: 'string',
    pattern: '^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$',
    maxLength: 24,
    description: 'Seconds, such as `90s` or `1.5s`.',
  },
  'google.protobuf.FieldMask': {
    type: 'string',
    pattern: '^([A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*(,|$))*$',
    maxLength: 2_000,
    description: 'Names of fields, separated by commas, such as `name,place.latitude`.',
  },
  'google.protobuf.Struct': { type: 'object', description: 'Any JSON object.' },
  'google.protobuf.ListValue': { type: 'array', items: {}, maxItems: 10_000, description: 'Any JSON array.' },
  'google.protobuf.Value': { description: 'Any JSON value.' },
  'google.protobuf.Empty': { type: 'object' },
  'google.protobuf.Any': {
    type: 'object',
    required: ['@type'],
    properties: { '@type': { type: 'string', maxLength: 300 } },
    additionalProperties: true,
    description: 'A message of the type that `@type` names.',
  },
  'google.api.HttpBody': { type: 'string', format: 'binary', maxLength: 262_144 },
};

/** The schema of a type whose JSON form is its own; undefined for ordinary messages. */
export function wellKnownSchema(type: DescMessage): Schema | undefined {
  const [inner] = type.fields;
  if (isWrapperDesc(type) && inner?.fieldKind === 'scalar') return scalarSchema(inner.scalar);
  return schemas[type.typeName];
}
