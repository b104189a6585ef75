export { accessRuleOf, restOptionsOf } from './access.ts';
export { type ErrorReasonInfo, errorReasons } from './error-reasons.ts';
export { type EventType, eventTypeBySubject, eventTypeOf, eventTypes } from './events.ts';
export { declaredReasonsOf, reasonsOf } from './reasons.ts';
export { allFiles, registry, services } from './registry.ts';
export {
  allowsEmpty,
  type FieldRules,
  fieldRulesOf,
  isRequired,
  isRequiredOneof,
  type MessageRules,
  messageRulesOf,
} from './rules.ts';
export { type DescElement, type SourceInfo, sourceOf } from './source-info.ts';
