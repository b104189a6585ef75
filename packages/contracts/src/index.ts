export { accessRuleOf, restOptionsOf } from './access.ts';
export { type ErrorReasonInfo, errorReasons } from './error-reasons.ts';
export { type EventType, eventTypeBySubject, eventTypeOf, eventTypes } from './events.ts';
export { allFiles, registry, services } from './registry.ts';
