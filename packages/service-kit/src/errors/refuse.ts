import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { type Code, ConnectError } from '@connectrpc/connect';
import { type ErrorReasonInfo, errorReasons } from '@mawid/contracts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@mawid/contracts/gen/google/rpc/error_details_pb.js';

/** A field that is wrong: `field` is its proto path (`items[0].service_id`). */
export interface FieldProblem {
  field: string;
  /** A rule such as `string.min_len`, or a reason of an `errors.proto`. */
  reason: string;
  /** Values for the places of the reason's text; they reach the caller as ErrorInfo metadata `<field>.<name>`. */
  metadata?: Record<string, string | number> | undefined;
  /** What is wrong, in English; the text of the reason when absent. */
  description?: string | undefined;
}

export interface RefusalDetails {
  /** Values for the `{name}` places of the reason's texts; they also reach the caller. */
  metadata?: Record<string, string | number> | undefined;
  fields?: readonly FieldProblem[] | undefined;
  /** Also fills the place `{retry_after_seconds}`. */
  retryAfterSeconds?: number | undefined;
  /** For the log only; it never reaches the caller. */
  cause?: unknown;
}

/**
 * The error of a refusal. The reason must exist in some `errors.proto`, which gives its code and texts; an unknown one is a
 * programming error and throws. Details on the wire: google.rpc.ErrorInfo, LocalizedMessage (en and ar), BadRequest, RetryInfo.
 */
export function refuse(reason: string, details: RefusalDetails = {}): ConnectError {
  const info = errorReasons().get(reason);
  if (!info) throw new Error(`no errors.proto has the reason ${reason}`);
  const metadata = toMetadata(details);
  const message = fillIn(info.en, metadata);
  return new ConnectError(message, info.code as Code, undefined, toDetails(info, metadata, details), details.cause);
}

/** The reason of a refusal made by `refuse`, here or in another service; undefined for other errors. */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof ConnectError ? error.findDetails(ErrorInfoSchema)[0]?.reason : undefined;
}

function toDetails(
  info: ErrorReasonInfo,
  metadata: Record<string, string>,
  { fields, retryAfterSeconds }: RefusalDetails,
) {
  return [
    detail(ErrorInfoSchema, { reason: info.reason, domain: 'mawid', metadata }),
    detail(LocalizedMessageSchema, { locale: 'en', message: fillIn(info.en, metadata) }),
    detail(LocalizedMessageSchema, { locale: 'ar', message: fillIn(info.ar, metadata) }),
    ...(fields ? [detail(BadRequestSchema, { fieldViolations: fields.map(toViolation) })] : []),
    ...(retryAfterSeconds === undefined
      ? []
      : [detail(RetryInfoSchema, { retryDelay: { seconds: BigInt(Math.ceil(retryAfterSeconds)) } })]),
  ];
}

function detail<D extends DescMessage>(desc: D, value: MessageInitShape<D>) {
  return { desc, value: create(desc, value) };
}

function toViolation({ field, reason, metadata, description }: FieldProblem) {
  const text = errorReasons().get(reason)?.en;
  return { field, reason, description: description ?? (text ? fillIn(text, toTexts(metadata)) : reason) };
}

function toMetadata({ metadata, fields = [], retryAfterSeconds }: RefusalDetails): Record<string, string> {
  const wait = retryAfterSeconds === undefined ? {} : { retry_after_seconds: Math.ceil(retryAfterSeconds) };
  const ofFields = fields.flatMap(({ field, metadata: values = {} }) =>
    Object.entries(values).map(([name, value]) => [`${field}.${name}`, value] as const),
  );
  return toTexts({ ...wait, ...Object.fromEntries(ofFields), ...metadata });
}

function toTexts(metadata: Record<string, string | number> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
}

function fillIn(text: string, metadata: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => metadata[name] ?? place);
}
