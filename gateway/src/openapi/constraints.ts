import type { DescEnum } from '@bufbuild/protobuf';
import type { FieldRules } from '@mawid/contracts';
import { enumLabel } from '../rest/codec/enum-codec.ts';
import type { Schema } from './types.ts';

type StringRules = Extract<FieldRules['type'], { case: 'string' }>['value'];
type NumberRules = Extract<FieldRules['type'], { case: 'int32' | 'int64' | 'double' }>['value'];

/** Texts of exactly these forms; the names are those of the OpenAPI format registry where it has one. */
const formats: Readonly<Record<string, Schema>> = {
  uuid: { format: 'uuid', minLength: 36, maxLength: 36 },
  email: { format: 'email', maxLength: 254 },
  uri: { format: 'uri', maxLength: 2_048 },
  uriRef: { format: 'uri-reference', maxLength: 2_048 },
  hostname: { format: 'hostname', maxLength: 253 },
  ipv4: { format: 'ipv4', maxLength: 15 },
  ipv6: { format: 'ipv6', maxLength: 45 },
};

const dayPattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
const numberKinds = new Set(['int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'float', 'double', 'fixed32']);

/** The keywords that a singular value's rules (buf.validate) come to. */
export function constraintsOf(rules: FieldRules | undefined): Schema {
  const type = rules?.type;
  if (type?.case === 'string') return textConstraints(type.value);
  if (type?.case === 'bool') return hasConst(type.value) ? { const: type.value.const } : {};
  if (type?.case !== undefined && numberKinds.has(type.case)) return numberConstraints(type.value as NumberRules);
  return {};
}

/** The keywords of a list's own rules. */
export function listConstraintsOf(rules: FieldRules | undefined): Schema {
  if (rules?.type.case !== 'repeated') return {};
  const { minItems, maxItems, unique } = rules.type.value;
  return {
    ...(minItems > 0n ? { minItems: Number(minItems) } : {}),
    ...(maxItems > 0n ? { maxItems: Number(maxItems) } : {}),
    ...(unique ? { uniqueItems: true } : {}),
  };
}

/** The rules of a list's elements. */
export function itemRulesOf(rules: FieldRules | undefined): FieldRules | undefined {
  return rules?.type.case === 'repeated' ? rules.type.value.items : rules;
}

/** The labels of an enum that its rules leave. */
export function allowedLabelsOf(type: DescEnum, rules: FieldRules | undefined): string[] {
  const values = type.values.filter(({ number }) => {
    if (rules?.type.case !== 'enum') return true;
    const { in: wanted, notIn } = rules.type.value;
    return !notIn.includes(number) && (wanted.length === 0 || wanted.includes(number));
  });
  return values.map(({ name }) => enumLabel(type, name));
}

/** What the rules say that no keyword can: CEL expressions, and times against now. */
export function proseOf(rules: FieldRules | undefined): string[] {
  const cel = (rules?.cel ?? []).map(({ message, expression }) => message || `Must fulfil \`${expression}\`.`);
  return [...cel.map(toSentence), ...timeProse(rules)];
}

function textConstraints(rules: StringRules): Schema {
  const { len, minLen, maxLen, pattern, in: values, wellKnown } = rules;
  const known = wellKnown.case !== undefined && wellKnown.value === true ? formats[wellKnown.case] : undefined;
  if (hasConst(rules)) return { const: rules.const };
  if (values.length > 0) return { enum: values.filter((each) => each !== '') };
  return {
    ...(pattern === '' ? {} : patternConstraints(pattern)),
    ...known,
    ...(minLen > 0n ? { minLength: Number(minLen) } : {}),
    ...(maxLen > 0n ? { maxLength: Number(maxLen) } : {}),
    ...(len > 0n ? { minLength: Number(len), maxLength: Number(len) } : {}),
  };
}

function patternConstraints(pattern: string): Schema {
  return pattern === dayPattern ? { format: 'date', minLength: 10, maxLength: 10 } : { pattern };
}

function numberConstraints(rules: NumberRules): Schema {
  const { greaterThan, lessThan, in: values } = rules;
  if (values.length > 0) return { enum: values.map(Number) };
  if (hasConst(rules)) return { const: Number(rules.const) };
  return {
    ...(greaterThan.case === 'gt' ? { exclusiveMinimum: Number(greaterThan.value), minimum: undefined } : {}),
    ...(greaterThan.case === 'gte' ? { minimum: Number(greaterThan.value) } : {}),
    ...(lessThan.case === 'lt' ? { exclusiveMaximum: Number(lessThan.value), maximum: undefined } : {}),
    ...(lessThan.case === 'lte' ? { maximum: Number(lessThan.value) } : {}),
  };
}

/** protobuf-es keeps the defaults of optional fields in the prototype. */
function hasConst(rules: object): boolean {
  return Object.hasOwn(rules, 'const');
}

function timeProse(rules: FieldRules | undefined): string[] {
  if (rules?.type.case !== 'timestamp') return [];
  const { greaterThan, lessThan } = rules.type.value;
  if (greaterThan.case === 'gtNow') return ['Must be in the future.'];
  return lessThan.case === 'ltNow' ? ['Must be in the past.'] : [];
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
