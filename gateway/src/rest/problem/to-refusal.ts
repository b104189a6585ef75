import { Code, ConnectError } from '@connectrpc/connect';
import { errorReasons } from '@mawid/contracts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { DecodeError } from '../codec/decode-error.ts';
import { Refusal, type Violation } from './refusal.ts';
import { httpStatusOf, reasonOfCode } from './status.ts';

/** What is told where an error says nothing of how long to wait. */
const defaultRetrySeconds: Readonly<Record<number, number>> = { 429: 1, 503: 2 };

/** Any thrown value as a refusal. What is not meant for callers becomes INTERNAL without a word of its own. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DecodeError) return fromDecodeError(error);
  if (error instanceof ConnectError) return fromConnectError(error);
  return new Refusal('INTERNAL', { status: 500 }, { cause: error });
}

function fromDecodeError(error: DecodeError): Refusal {
  const parameters = toTexts(error.parameters);
  const field = error.field;
  if (field === '')
    return new Refusal('MALFORMED_REQUEST', { status: 400, metadata: { rule: error.rule, ...parameters } });
  return new Refusal('MALFORMED_REQUEST', { status: 400, violations: [{ field, reason: error.rule, parameters }] });
}

function fromConnectError(error: ConnectError): Refusal {
  const info = error.findDetails(ErrorInfoSchema).find((each) => each.domain === 'mawid');
  const known = info && errorReasons().get(info.reason);
  const status = known?.httpStatus ?? httpStatusOf(known?.code ?? error.code);
  const violations = toViolations(error, info?.metadata ?? {});
  return new Refusal(
    info?.reason ?? reasonOfCode(error.code),
    {
      status,
      texts: toLocalizedTexts(error),
      metadata: withoutFields(info?.metadata ?? {}, violations),
      violations,
      retryAfterSeconds: retryAfterOf(error, status),
      headers: limitHeaders(error),
    },
    { cause: error },
  );
}

function toViolations(error: ConnectError, metadata: Readonly<Record<string, string>>): Violation[] {
  const violations = error.findDetails(BadRequestSchema).flatMap((each) => each.fieldViolations);
  return violations.map(({ field, reason, description }) => ({
    field,
    reason,
    description,
    parameters: parametersOf(field, metadata),
  }));
}

/** ErrorInfo has one map for all: `<field>.<name>` is a parameter of that field's violation. */
function parametersOf(field: string, metadata: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(metadata).filter(([name]) => name.startsWith(`${field}.`));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(field.length + 1), value]));
}

function withoutFields(
  metadata: Readonly<Record<string, string>>,
  violations: readonly Violation[],
): Record<string, string> {
  const isOfField = (name: string): boolean => violations.some(({ field }) => name.startsWith(`${field}.`));
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !isOfField(name)));
}

function toLocalizedTexts(error: ConnectError): Record<string, string> {
  // Errors that are faults of ours may carry anything.
  if (error.code === Code.Internal || error.code === Code.Unknown || error.code === Code.DataLoss) return {};
  const messages = error.findDetails(LocalizedMessageSchema);
  return Object.fromEntries(messages.map(({ locale, message }) => [locale, message]));
}

/** The detail says it best; a service that only sets the header of HTTP is understood too. */
function retryAfterOf(error: ConnectError, status: number): number | undefined {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  if (delay !== undefined) return Math.max(1, Number(delay.seconds) + (delay.nanos > 0 ? 1 : 0));
  const told = error.metadata.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(told) ? Math.max(1, Number(told)) : defaultRetrySeconds[status];
}

function limitHeaders(error: ConnectError): Record<string, string> {
  const names = ['ratelimit', 'ratelimit-policy'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = error.metadata.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function toTexts(values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
