import { STATUS_CODES } from 'node:http';
import { errorReasons } from '@mawid/contracts';
import { Refusal, type Violation } from '../rest/problem/refusal.ts';
import { renderProblem } from '../rest/problem/render-problem.ts';
import { httpStatusOf } from '../rest/problem/status.ts';
import { headerRefs, responseHeaders } from './headers.ts';
import type { Part } from './types.ts';

/** Refusals of routes, by status; equal ones are kept once. */
export interface ProblemResponses {
  /** The responses for these reasons, by status. Throws for a reason that no errors.proto has. */
  of(reasons: Iterable<string>): Readonly<Record<string, Part>>;
  /** Those that were referred to, by name, in alphabetical order. */
  all(): Readonly<Record<string, Part>>;
}

/** Reasons that a person or a program sees as more than one status group's usual answer get a response of their own. */
const shared: ReadonlyMap<string, string> = new Map([
  ['MALFORMED_REQUEST,VALIDATION_FAILED', 'BadRequest'],
  ['UNAUTHENTICATED', 'Unauthorized'],
  ['PERMISSION_DENIED', 'Forbidden'],
  ['NOT_FOUND', 'NotFound'],
  ['NOT_ACCEPTABLE', 'NotAcceptable'],
  ['STALE_ETAG', 'PreconditionFailed'],
  ['IDEMPOTENCY_KEY_REUSED', 'UnprocessableContent'],
  ['PAYLOAD_TOO_LARGE', 'ContentTooLarge'],
  ['UNSUPPORTED_MEDIA_TYPE', 'UnsupportedMediaType'],
  ['RATE_LIMITED', 'TooManyRequests'],
  ['INTERNAL', 'InternalServerError'],
  ['UNAVAILABLE', 'ServiceUnavailable'],
  ['DEADLINE_EXCEEDED', 'GatewayTimeout'],
]);

const exampleTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const exampleMetadata: Readonly<Record<string, string>> = {
  slot_step_minutes: '15',
  max_advance_days: '90',
  accept: 'text/event-stream',
};
const exampleViolations: readonly Violation[] = [
  { field: 'phone_number', reason: 'PHONE_NUMBER_INVALID', parameters: {} },
];

/** An empty collection. */
export function createProblemResponses(): ProblemResponses {
  const made = new Map<string, Part>();
  return {
    of: (reasons) => {
      const groups = [...groupByStatus(reasons)].sort(([a], [b]) => a - b);
      return Object.fromEntries(
        groups.map(([status, codes]) => {
          const name = shared.get([...codes].sort().join());
          if (name === undefined) return [String(status), toResponse(status, codes)];
          if (!made.has(name)) made.set(name, toResponse(status, codes));
          return [String(status), { $ref: `#/components/responses/${name}` }];
        }),
      );
    },
    all: () => Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The HTTP status of a reason. Throws for one that no errors.proto has. */
export function statusOfReason(reason: string): number {
  const info = errorReasons().get(reason);
  if (info === undefined) throw new Error(`no errors.proto has the reason ${reason}`);
  return info.httpStatus ?? httpStatusOf(info.code);
}

function groupByStatus(reasons: Iterable<string>): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const reason of reasons) {
    const status = statusOfReason(reason);
    groups.set(status, [...(groups.get(status) ?? []), reason]);
  }
  return groups;
}

function toResponse(status: number, codes: readonly string[]): Part {
  const schema = status === 400 ? 'ValidationProblem' : 'Problem';
  return {
    description: `${STATUS_CODES[status]}.\n\n${codes.map(toLine).join('\n')}`,
    headers: { ...headerRefs(...headersOf(status, codes)), ...headersOfSome(status, codes) },
    content: {
      'application/problem+json': {
        schema: { $ref: `#/components/schemas/${schema}` },
        examples: Object.fromEntries(codes.map((code) => [code, toExample(status, code)])),
      },
    },
    'x-mawid-codes': [...codes],
  };
}

/** A line of Markdown: the code, a link to what is said of it, and both texts. */
function toLine(code: string): string {
  const { en = '', ar = '' } = errorReasons().get(code) ?? {};
  return `* [\`${code}\`](/docs/errors/${code}): ${en} · ${ar}`;
}

function headersOf(status: number, codes: readonly string[]): string[] {
  if (status === 401) return ['WWW-Authenticate'];
  if (status === 415) return ['Accept', 'Accept-Encoding'];
  return codes.every((code) => isWait(status, code)) ? ['Retry-After'] : [];
}

/** Where waiting helps for some of the reasons only, the others come without the header. */
function headersOfSome(status: number, codes: readonly string[]): Part {
  const waiting = codes.filter((code) => isWait(status, code));
  if (waiting.length === 0 || waiting.length === codes.length) return {};
  return { 'Retry-After': { ...responseHeaders['Retry-After'], required: false } };
}

function isWait(status: number, code: string): boolean {
  return status === 429 || status === 503 || code === 'IDEMPOTENCY_IN_PROGRESS';
}

function toExample(status: number, code: string): Part {
  const info = errorReasons().get(code);
  const places = [...(info?.en ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const known = places.flatMap((name) => (name in exampleMetadata ? [[name, exampleMetadata[name] ?? '']] : []));
  const refusal = new Refusal(code, {
    status,
    metadata: Object.fromEntries(known),
    violations: code === 'VALIDATION_FAILED' ? exampleViolations : [],
    retryAfterSeconds: isWait(status, code) ? 30 : undefined,
  });
  const { body } = renderProblem(refusal, { language: 'en', traceId: exampleTrace });
  return { summary: info?.en, value: body };
}
