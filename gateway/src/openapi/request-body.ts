import type { DescMessage } from '@bufbuild/protobuf';
import { isRequired, sourceOf } from '@mawid/contracts';
import { resolveFieldPath } from '../rest/field-path.ts';
import { isHttpBody, isHttpBodyField } from '../rest/http-body.ts';
import { describe } from './comment-texts.ts';
import { exampleOf, fieldExample } from './examples.ts';
import { fieldSchema } from './field-schema.ts';
import type { Schemas } from './schemas.ts';
import type { Direction, Part, Schema } from './types.ts';

export interface BodyReading {
  /** Dotted names of the fields that the path fills. */
  readonly bound: ReadonlySet<string>;
  readonly direction: Direction;
  readonly schemas: Schemas;
}

const json = 'application/json';
const rawExample = '{"id": "0193e6a4-5c11-7a3e-9d52-6f1b2c3d4e5f"}';

/** The body of a route, by its rule's `body`; undefined where nothing is left to send. */
export function requestBodyOf(type: DescMessage, body: string, reading: BodyReading): Part | undefined {
  if (body === '') return undefined;
  return body === '*' ? wholeBody(type, reading) : fieldBody(type, body, reading);
}

function wholeBody(type: DescMessage, { bound, direction, schemas }: BodyReading): Part | undefined {
  if (isHttpBody(type)) return rawBody(true);
  const schema = schemas.members(type, direction, bound);
  if (schema === undefined) return undefined;
  const required = type.fields.some((field) => !bound.has(field.name) && isRequired(field));
  return { required, content: { [json]: { schema, example: exampleOf(type, bound) } } };
}

function fieldBody(type: DescMessage, name: string, { direction, schemas }: BodyReading): Part {
  const [field] = resolveFieldPath(type, [name]);
  if (field === undefined) throw new TypeError('an empty body');
  if (isHttpBodyField(field)) return { ...describe(sourceOf(field)?.comment), ...rawBody(isRequired(field)) };
  const schema = fieldSchema(field, direction, schemas);
  return { required: isRequired(field), content: { [json]: { schema, example: fieldExample(field) } } };
}

/** Bytes of any type. */
function rawBody(required: boolean): Part {
  const schema: Schema = { type: 'string', format: 'binary', maxLength: 262_144 };
  return { required, content: { '*/*': { schema, example: rawExample } } };
}
