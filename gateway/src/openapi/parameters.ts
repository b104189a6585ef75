import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isRequired, sourceOf } from '@mawid/contracts';
import { resolveFieldPath } from '../rest/field-path.ts';
import { describe } from './comment-texts.ts';
import { fieldExample } from './examples.ts';
import { fieldSchema, type SchemaRefs } from './field-schema.ts';
import type { PathPlace } from './path-text.ts';
import { longestText } from './scalar-schema.ts';
import type { Part, Schema } from './types.ts';
import { wellKnownSchema } from './well-known-schema.ts';

/** Filters are not nested deeper; a type that holds itself ends here. */
const deepest = 8;

/** The parameters in a path. */
export function pathParameters(type: DescMessage, places: readonly PathPlace[], refs: SchemaRefs): Part[] {
  return places.map((place) => {
    const field = place.field === undefined ? undefined : resolveFieldPath(type, place.field.split('.')).at(-1);
    const slashes = place.mayHoldSlashes ? 'May hold slashes, which are sent as they are.' : undefined;
    const schema = field === undefined || place.isPart ? textSchema : withoutText(fieldSchema(field, 'request', refs));
    return {
      name: place.name,
      in: 'path',
      required: true,
      ...describe(slashes ?? (field && sourceOf(field)?.comment)),
      schema,
      example: field === undefined || place.isPart ? 'segment' : fieldExample(field),
    };
  });
}

const textSchema: Schema = { type: 'string', maxLength: longestText };

/** The query parameters of a request: every field with a text form that neither path nor body fills. */
export function queryParameters(type: DescMessage, bound: ReadonlySet<string>, refs: SchemaRefs): Part[] {
  return queryFields(type, [], bound).map(({ name, field, isRequired }) => {
    const schema = fieldSchema(field, 'request', refs);
    return {
      name,
      in: 'query',
      required: isRequired,
      ...describe(schema.description as string | undefined),
      ...(field.fieldKind === 'list' ? { style: 'form', explode: true } : {}),
      ...withExample(withoutText(schema), fieldExample(field), isRequired),
    };
  });
}

/**
 * The schema of a parameter with its example. That of one that may be left out stands inside the schema: what stands beside it is filled into forms by those
 * that try routes out, who would then send filters, page tokens and ETags that nothing fits.
 */
export function withExample(schema: Schema, example: unknown, isRequired: boolean): Part {
  return isRequired ? { schema, example } : { schema: { ...schema, examples: [example] } };
}

interface QueryField {
  /** Dotted. */
  readonly name: string;
  readonly field: DescField;
  readonly isRequired: boolean;
}

function queryFields(type: DescMessage, above: readonly string[], bound: ReadonlySet<string>): QueryField[] {
  return type.fields.flatMap((field) => {
    const path = [...above, field.name];
    const name = path.join('.');
    if (bound.has(name) || field.fieldKind === 'map') return [];
    if (field.message === undefined || hasTextForm(field.message)) {
      return [{ name, field, isRequired: above.length === 0 && isRequired(field) }];
    }
    const isNested = field.fieldKind === 'message' && !field.message.typeName.startsWith('google.protobuf.');
    return isNested && path.length < deepest ? queryFields(field.message, path, bound) : [];
  });
}

function hasTextForm(type: DescMessage): boolean {
  const kind = wellKnownSchema(type)?.type;
  return kind !== undefined && kind !== 'object' && kind !== 'array' && type.typeName !== 'google.api.HttpBody';
}

/** A parameter says itself what its schema would say again. */
function withoutText({ description: _, ...schema }: Schema): Schema {
  return schema;
}
