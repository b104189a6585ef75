import type { DescMethodUnary, Message } from '@bufbuild/protobuf';
import type { AccessRule, RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { fieldGetter } from './codec/field-access.ts';
import type { MessageCodecs } from './codec/field-codec.ts';
import type { RouteRule } from './http-rule.ts';
import { compilePathParameters } from './path-parameters.ts';
import { compileQuery, refuseQuery } from './query.ts';
import { type BodyKind, compileRequestBody } from './request-body.ts';
import type { RequestPath } from './request-path.ts';
import { type AnswerBody, compileResponseBody } from './response-body.ts';
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
export interface Binding {
  readonly method: DescMethodUnary;
  readonly httpMethod: string;
  /** The path as in the proto; the span's and the metrics' name of the route. */
  readonly route: string;
  readonly access: AccessRule;
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
  readonly method: DescMethodUnary;
  readonly rule: RouteRule;
  readonly template: PathTemplate;
  readonly access: AccessRule;
  readonly rest: RestOptions | undefined;
  readonly messages: MessageCodecs;
}

/** Old clients of these paths send members that no field has; the backend before this one let them. */
const lenientPrefix = '/api/auth/';

/** Compiles a route. Throws BindingError for annotations that do not fit the messages. */
export function compileBinding({ method, rule, template, access, rest, messages }: BindingInput): Binding {
  const body = compileRequestBody(method.input, rule.body, messages);
  const setPath = compilePathParameters(method.input, template, messages);
  const bound = new Set([...template.captures.map((each) => each.fieldPath.join('.')), body.field]);
  const readQuery = body.field === '*' ? refuseQuery : compileQuery(method.input, bound, messages);
  const options = { lenient: rule.path.startsWith(lenientPrefix) };
  return {
    method,
    httpMethod: rule.httpMethod,
    route: rule.path,
    access,
    bodyKind: body.kind,
    bodyField: body.field === '*' ? '' : body.field,
    successStatus: successStatusOf(method, rest),
    decode: (parts) => {
      const message = body.toMessage(parts.body, parts.contentType, options);
      setPath(message, parts.path);
      if (parts.query !== '') readQuery(message, parts.query, options);
      return message;
    },
    encode: compileResponseBody(method.output, rule.responseBody, messages),
    etag: etagReader(method),
  };
}

function successStatusOf(method: DescMethodUnary, rest: RestOptions | undefined): number {
  if (rest !== undefined && rest.successStatus !== 0) return rest.successStatus;
  return method.output.typeName === 'google.protobuf.Empty' ? 204 : 200;
}

function etagReader(method: DescMethodUnary): Binding['etag'] {
  const field = method.output.fields.find((each) => each.name === 'etag' && each.fieldKind === 'scalar');
  if (field === undefined) return () => undefined;
  const get = fieldGetter(field);
  return (message) => {
    const tag = get(message);
    return typeof tag === 'string' && tag !== '' ? tag : undefined;
  };
}
