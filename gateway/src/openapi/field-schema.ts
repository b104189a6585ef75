import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { allowsEmpty, type FieldRules, fieldRulesOf, sourceOf } from '@mawid/contracts';
import { describe, joinTexts } from './comment-texts.ts';
import { allowedLabelsOf, constraintsOf, itemRulesOf, listConstraintsOf, proseOf } from './constraints.ts';
import { longestList, scalarSchema } from './scalar-schema.ts';
import type { Direction, Schema } from './types.ts';
import { wellKnownSchema } from './well-known-schema.ts';

/** Where schemas of messages and enums are kept; gives the reference to one. */
export interface SchemaRefs {
  message(type: DescMessage, direction: Direction): Schema;
  enumeration(type: DescEnum): Schema;
}

/** The schema of a field's whole value, with its comment and the rules of its proto. */
export function fieldSchema(field: DescField, direction: Direction, refs: SchemaRefs): Schema {
  const rules = fieldRulesOf(field);
  const description = joinTexts(sourceOf(field)?.comment, ...proseOf(rules));
  return { ...valueSchema(field, { rules, direction, refs }), ...describe(description), ...annotations(field) };
}

interface Reading {
  readonly rules: FieldRules | undefined;
  readonly direction: Direction;
  readonly refs: SchemaRefs;
}

function valueSchema(field: DescField, reading: Reading): Schema {
  const { rules } = reading;
  switch (field.fieldKind) {
    case 'list': {
      const items = elementSchema(field, { ...reading, rules: itemRulesOf(rules) });
      return { type: 'array', items, maxItems: longestList, ...listConstraintsOf(rules) };
    }
    case 'map':
      return { type: 'object', additionalProperties: elementSchema(field, reading), maxProperties: longestList };
    default:
      return elementSchema(field, reading);
  }
}

function elementSchema(field: DescField, { rules, direction, refs }: Reading): Schema {
  if (field.enum !== undefined) return enumSchema(field.enum, rules, refs);
  if (field.message !== undefined) return wellKnownSchema(field.message) ?? refs.message(field.message, direction);
  const constraints = isOftenEmpty(rules, direction) ? {} : constraintsOf(rules);
  return withoutUndefined({ ...scalarSchema(field.scalar ?? 0), ...pageSizeDefault(field), ...constraints });
}

/** An answer has every text, also one that nobody has set: its form is that of texts that are set. */
function isOftenEmpty(rules: FieldRules | undefined, direction: Direction): boolean {
  return direction === 'response' && rules?.type.case === 'string' && allowsEmpty(rules);
}

function enumSchema(type: DescEnum, rules: FieldRules | undefined, refs: SchemaRefs): Schema {
  const labels = allowedLabelsOf(type, rules);
  return labels.length === type.values.length ? refs.enumeration(type) : { type: 'string', enum: labels };
}

/** AIP-158; more than 100 is lowered, not refused. */
function pageSizeDefault(field: DescField): Schema {
  return field.name === 'page_size' ? { default: 20 } : {};
}

function annotations(field: DescField): Schema {
  return field.proto.options?.deprecated ? { deprecated: true } : {};
}

function withoutUndefined(schema: Schema): Schema {
  const { type, enum: values, const: only } = schema;
  // A closed list of texts needs no bounds beside it.
  if (type === 'string' && values !== undefined) return { type, enum: values };
  if (type === 'string' && only !== undefined) return { type, const: only };
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
