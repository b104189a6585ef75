import type { Language } from '../language.ts';
import { fillIn, reasonTexts, type Texts, toTitle } from './reason-texts.ts';
import type { Refusal } from './refusal.ts';
import { violationText } from './violation-text.ts';

/** Of the request that is refused. */
export interface ProblemContext {
  readonly language: Language;
  /** The request's path, where one was read. */
  readonly instance?: string | undefined;
  readonly traceId?: string | undefined;
  /** The request field that was the body; clients do not know its name. */
  readonly bodyField?: string | undefined;
}

/** An RFC 9457 answer. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const reserved = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'code',
  'metadata',
  'trace_id',
  'errors',
  'retry_after_seconds',
  '__proto__',
]);

/** Makes the answer of a refusal. Field messages stand under `errors` and, for older clients, at the top where no member of ours has the name. */
export function renderProblem(refusal: Refusal, context: ProblemContext): Problem {
  const { status, metadata = {}, violations = [], retryAfterSeconds } = refusal.details;
  const errors = new Map<string, string[]>();
  for (const violation of violations) {
    const field = withoutBodyField(violation.field, context.bodyField);
    const texts = errors.get(field) ?? [];
    errors.set(field, [...texts, violationText(violation, context.language)]);
  }
  const body = {
    ...Object.fromEntries([...errors].filter(([field]) => field !== '' && !reserved.has(field))),
    type: `/docs/errors/${refusal.code}`,
    title: toTitle(refusal.code),
    status,
    detail: detailOf(refusal, context.language),
    ...(context.instance === undefined ? {} : { instance: toReference(context.instance) }),
    code: refusal.code,
    metadata,
    ...(context.traceId === undefined ? {} : { trace_id: context.traceId }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(errors.size === 0 ? {} : { errors: Object.fromEntries(errors) }),
  };
  return { status, headers: headersOf(refusal), body };
}

/** RFC 9457 §3.1.5 wants a URI reference, and a path comes with whatever the client wrote. */
function toReference(path: string): string {
  return path.replace(/%(?![0-9A-Fa-f]{2})/g, '%25').replace(/[^\x21-\x7e]|["<>[\\\]^`{|}]/g, encodeURIComponent);
}

function detailOf(refusal: Refusal, language: Language): string {
  const { texts = {}, metadata = {}, retryAfterSeconds } = refusal.details;
  const known =
    reasonTexts(refusal.code)?.[language] ?? texts[language] ?? (reasonTexts('INTERNAL') as Texts)[language];
  return fillIn(known, {
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...metadata,
  });
}

function headersOf({ details }: Refusal): Record<string, string> {
  const wait = details.retryAfterSeconds;
  // RFC 9110 §11.6.1: every 401 says how to do better.
  const challenge = details.status === 401 ? { 'www-authenticate': 'Bearer realm="mawid"' } : {};
  return { ...challenge, ...details.headers, ...(wait === undefined ? {} : { 'retry-after': String(wait) }) };
}

/** `book.title` → `title` where the body was the book. */
function withoutBodyField(field: string, bodyField: string | undefined): string {
  return bodyField && field.startsWith(`${bodyField}.`) ? field.slice(bodyField.length + 1) : field;
}
