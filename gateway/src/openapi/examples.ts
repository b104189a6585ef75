import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { type FieldRules, fieldRulesOf } from '@mawid/contracts';
import { allowedLabelsOf, constraintsOf, itemRulesOf } from './constraints.ts';
import { exampleId, namedExample } from './example-values.ts';

const wellKnown: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['google.protobuf.Timestamp', '2030-01-15T15:30:00Z'],
  ['google.protobuf.Duration', '90s'],
  ['google.protobuf.FieldMask', 'name'],
  ['google.protobuf.Struct', {}],
  ['google.protobuf.ListValue', []],
  ['google.protobuf.Value', 'anything'],
  ['google.protobuf.Empty', {}],
  ['google.protobuf.Any', { '@type': 'type.googleapis.com/google.protobuf.Empty', value: {} }],
  ['google.api.HttpBody', '{"id": "0193e6a4-5c11-7a3e-9d52-6f1b2c3d4e5f"}'],
]);

/** The types around a value; one that holds itself ends there. */
type Around = readonly DescMessage[];

/** A message as clients see it, less the members in `without`: every field has a value that its rules allow; of a oneof only the first. */
export function exampleOf(type: DescMessage, without: ReadonlySet<string> = new Set(), around: Around = []): unknown {
  if (wellKnown.has(type.typeName)) return wellKnown.get(type.typeName);
  const within = [...around, type];
  const fields = type.fields.filter(
    (field) =>
      !without.has(field.name) &&
      (field.oneof === undefined || field.oneof.fields[0] === field) &&
      (field.fieldKind !== 'message' || !within.includes(field.message)),
  );
  return Object.fromEntries(fields.map((field) => [field.name, fieldExample(field, within)]));
}

/** The value of one field: what its rules give as an example, else one known by its name, else any that fits. */
export function fieldExample(field: DescField, around: Around = []): unknown {
  const rules = fieldRulesOf(field);
  const holdsItself = field.message !== undefined && around.includes(field.message);
  if (field.fieldKind === 'list')
    return holdsItself ? [] : [elementExample(field, { rules: itemRulesOf(rules), around })];
  if (field.fieldKind === 'map') {
    return holdsItself ? {} : { [keyExample(field.mapKey)]: elementExample(field, { rules: undefined, around }) };
  }
  return elementExample(field, { rules, around });
}

function keyExample(type: ScalarType): string {
  if (type === ScalarType.STRING) return 'key';
  return type === ScalarType.BOOL ? 'true' : '1';
}

interface Reading {
  readonly rules: FieldRules | undefined;
  readonly around: Around;
}

function elementExample(field: DescField, { rules, around }: Reading): unknown {
  if (field.enum !== undefined) return enumExample(field.enum, rules);
  const named = ruleExample(rules) ?? namedExample(field.parent.name, field.name);
  if (field.message !== undefined) return messageExample(field.message, named, around);
  if (named !== undefined && fits(named, field.scalar ?? 0)) return named;
  return scalarExample(field, rules);
}

/** An example by name fits a type with a text form as a text, and an ordinary message as an object. */
function messageExample(type: DescMessage, named: unknown, around: Around): unknown {
  const [inner] = type.fields;
  if (isWrapperDesc(type) && inner !== undefined) return scalarExample(inner, undefined);
  if (type.typeName === 'google.protobuf.Timestamp') return named ?? wellKnown.get(type.typeName);
  if (wellKnown.has(type.typeName)) return wellKnown.get(type.typeName);
  if (typeof named === 'object' && type.name === 'LocalizedText') return named;
  return exampleOf(type, undefined, around);
}

function enumExample(type: DescEnum, rules: FieldRules | undefined): unknown {
  return allowedLabelsOf(type, rules).find((label) => label !== 'unspecified') ?? 'unspecified';
}

function ruleExample(rules: FieldRules | undefined): unknown {
  const value = rules?.type.value;
  const examples: readonly unknown[] = value !== undefined && 'example' in value ? (value.example as unknown[]) : [];
  const [first] = examples;
  return typeof first === 'bigint' ? Number(first) : first;
}

function scalarExample(field: DescField, rules: FieldRules | undefined): unknown {
  const constraints = constraintsOf(rules);
  const values = constraints.enum as readonly unknown[] | undefined;
  if (constraints.const !== undefined) return constraints.const;
  if (values !== undefined) return values.find((each) => each !== 0) ?? values[0];
  switch (field.scalar) {
    case ScalarType.STRING:
      return textExample(field, constraints.format);
    case ScalarType.BOOL:
      return true;
    case ScalarType.BYTES:
      return 'TWF3aWQ=';
    default:
      return Number(constraints.minimum ?? 1);
  }
}

function textExample(field: DescField, format: unknown): string {
  const id = /^(?:(.*)_)?ids?$/.exec(field.name);
  if (format === 'uuid' || id !== null) return exampleId(id?.[1] ?? field.parent.name.toLowerCase());
  if (format === 'email') return 'sara@example.com';
  if (format === 'uri') return 'https://mawid.sa';
  if (format === 'date') return '2030-01-15';
  return field.name.replaceAll('_', ' ');
}

function fits(value: unknown, type: ScalarType): boolean {
  if (type === ScalarType.STRING) return typeof value === 'string';
  if (type === ScalarType.BOOL) return typeof value === 'boolean';
  return typeof value === 'number';
}
