import type { DescMethodServerStreaming, DescMethodUnary, Message } from '@bufbuild/protobuf';
import type { AccessRule, RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { isEntityTag } from '../http/entity-tag.ts';
import { type RateClassName, rateClassOf } from '../limits/rate-class.ts';
import { compileAll } from './boot-error.ts';
import { fieldGetter } from './codec/field-access.ts';
import type { MessageCodecs } from './codec/field-codec.ts';
import type { RouteRule } from './http-rule.ts';
import { compilePathParameters } from './path-parameters.ts';
import { compileQuery, refuseQuery } from './query.ts';
import { type BodyKind, compileRequestBody } from './request-body.ts';
import type { RequestPath } from './request-path.ts';
import { type AnswerBody, compileResponseBody, isRawResponse } from './response-body.ts';
import { assertNoEventFields, compileStreamPlan, type StreamPlan } from './stream/stream-plan.ts';
import type { PathTemplate } from './template.ts';

/** The parts of an HTTP request that make a message. */
export interface RequestParts {
  readonly path: RequestPath;
  /** Without the question mark. */
  readonly query: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** One route, compiled: everything between HTTP and the call. */
export type Binding = UnaryBinding | StreamBinding;

/** A route with one answer. */
export interface UnaryBinding extends BindingBase {
  readonly method: DescMethodUnary;
  readonly stream?: undefined;
}

/** A route with an answer that lasts; `encode` makes the text of one event, or a part of the download. */
export interface StreamBinding extends BindingBase {
  readonly method: DescMethodServerStreaming;
  readonly stream: StreamPlan;
}

interface BindingBase {
  /** `*` for any method. */
  readonly httpMethod: string;
  /** The path as in the proto; the span's and the metrics' name of the route. */
  readonly route: string;
  readonly access: AccessRule;
  /** What the limits of requests count it as. */
  readonly rateClass: RateClassName;
  readonly bodyKind: BodyKind;
  /** The request field that the body fills, whose name clients do not see in field paths; empty for none or all. */
  readonly bodyField: string;
  readonly successStatus: number;
  /** Throws DecodeError. The path's values win over the body's. */
  decode(parts: RequestParts): Message;
  encode(message: Message): AnswerBody;
  /** The entity tag of an answer that has one. */
  etag(message: Message): string | undefined;
}

export interface BindingInput {
  readonly method: DescMethodUnary | DescMethodServerStreaming;
  readonly rule: RouteRule;
  readonly template: PathTemplate;
  readonly access: AccessRule;
  readonly rest: RestOptions | undefined;
  readonly messages: MessageCodecs;
}

/** Old clients of these paths send members that no field has; the backend before this one let them. */
const lenientPrefix = '/api/auth/';

/** Compiles a route. Throws BindingError with every annotation that does not fit the messages. */
export function compileBinding(input: BindingInput): Binding {
  const { method, rule, template, access, rest, messages } = input;
  const captured = new Set(template.captures.map((each) => each.fieldPath.join('.')));
  const fillsMask = rule.httpMethod === 'PATCH';
  const [body, setPath, encode, serving] = compileAll([
    () => compileRequestBody({ type: method.input, body: rule.body, fillsMask, captured, messages }),
    () => compilePathParameters(method.input, template, messages),
    () => compileResponseBody(method.output, rule.responseBody, messages),
    () => compileServing(input),
  ] as const);
  const bound = new Set([...captured, body.field]);
  const readQuery = body.field === '*' ? refuseQuery : compileQuery(method.input, bound, messages);
  const options = { lenient: rule.path.startsWith(lenientPrefix) };
  return {
    ...serving,
    httpMethod: rule.httpMethod,
    route: rule.path,
    access,
    rateClass: rateClassOf(rest?.rateClass, rule.httpMethod),
    bodyKind: body.kind,
    bodyField: body.field === '*' ? '' : body.field,
    successStatus: successStatusOf(method, rest),
    decode: (parts) => {
      const message = body.toMessage(parts.body, parts.contentType, options);
      setPath(message, parts.path);
      if (parts.query !== '') readQuery(message, parts.query, options);
      return message;
    },
    encode,
    etag: etagReader(method),
  };
}

type Serving = Pick<UnaryBinding, 'method' | 'stream'> | Pick<StreamBinding, 'method' | 'stream'>;

function compileServing({ method, rule, rest }: BindingInput): Serving {
  if (method.methodKind === 'server_streaming') {
    return { method, stream: compileStreamPlan(method, rest, isRawResponse(method.output, rule.responseBody)) };
  }
  assertNoEventFields(rest, 'only a stream has event_id_field and last_event_id_field');
  return { method };
}

function successStatusOf(method: BindingInput['method'], rest: RestOptions | undefined): number {
  if (rest !== undefined && rest.successStatus !== 0) return rest.successStatus;
  return method.output.typeName === 'google.protobuf.Empty' ? 204 : 200;
}

function etagReader(method: BindingInput['method']): Binding['etag'] {
  const field = method.output.fields.find((each) => each.name === 'etag' && each.fieldKind === 'scalar');
  if (field === undefined) return () => undefined;
  const get = fieldGetter(field);
  return (message) => {
    const tag = get(message);
    return typeof tag === 'string' && isEntityTag(tag) ? tag : undefined;
  };
}
