import { create, type DescField, type DescMessage, type DescOneof, getOption, hasOption } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import {
  type FieldRules,
  field as fieldOption,
  Ignore,
  type MessageRules,
  message as messageOption,
  oneof as oneofOption,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { FieldBehavior, field_behavior } from '../gen/google/api/field_behavior_pb.js';

export type { FieldRules, MessageRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** The rules of buf.validate on a field; undefined where it has none. */
export function fieldRulesOf(field: DescField): FieldRules | undefined {
  return hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
}

/** Whether a field's rules leave its empty value alone. */
export function allowsEmpty(rules: FieldRules): boolean {
  return rules.ignore === Ignore.IF_ZERO_VALUE;
}

/** The rules of buf.validate on a whole message; undefined where it has none. */
export function messageRulesOf(type: DescMessage): MessageRules | undefined {
  return hasOption(type, messageOption) ? getOption(type, messageOption) : undefined;
}

/** Whether exactly one member of a oneof must be given. */
export function isRequiredOneof(oneof: DescOneof): boolean {
  return hasOption(oneof, oneofOption) && getOption(oneof, oneofOption).required === true;
}

/** Whether a field must be given: by google.api.field_behavior, or because the rules of buf.validate refuse a message without it. */
export function isRequired(field: DescField): boolean {
  const behaviors = hasOption(field, field_behavior) ? getOption(field, field_behavior) : [];
  if (behaviors.includes(FieldBehavior.REQUIRED) || fieldRulesOf(field)?.required === true) return true;
  return fieldRulesOf(field) !== undefined && missingFieldsOf(field.parent).has(field);
}

const missingFields = new WeakMap<DescMessage, ReadonlySet<unknown>>();

/** The fields whose rules an empty message breaks: a pattern that no empty text fits, an enum that must not be unspecified. */
function missingFieldsOf(type: DescMessage): ReadonlySet<unknown> {
  const known = missingFields.get(type);
  if (known !== undefined) return known;
  const { violations = [] } = createValidator().validate(type, create(type));
  const found = new Set<unknown>(violations.flatMap(({ field }) => (field.length === 1 ? field : [])));
  missingFields.set(type, found);
  return found;
}
