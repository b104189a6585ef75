import type { DescMethod } from '@bufbuild/protobuf';
import { declaredReasonsOf, reasonsOf, sourceOf } from '@mawid/contracts';
import type { AccessRule, RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import type { RouteRule } from '../rest/http-rule.ts';
import { describe, joinTexts, toCommentTexts } from './comment-texts.ts';
import { headerParameter } from './headers.ts';
import { pathParameters, queryParameters } from './parameters.ts';
import type { PathText } from './path-text.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { requestBodyOf } from './request-body.ts';
import type { Schemas } from './schemas.ts';
import { successOf } from './success-response.ts';
import type { Operation, Part } from './types.ts';

/** One route of a method. */
export interface OperationInput {
  readonly method: DescMethod;
  readonly access: AccessRule;
  readonly rest: RestOptions | undefined;
  readonly rule: RouteRule;
  readonly text: PathText;
  readonly operationId: string;
  readonly tag: string;
  readonly schemas: Schemas;
  readonly problems: ProblemResponses;
}

/** Of these paths old clients are many: they send members that no field has, and numbers for texts. */
const lenientPrefix = '/api/auth/';
const adminPrefix = '/api/admin/';
/** Reasons of RPCs that no answer of the gateway shows: clients that went away read none, and a route is there when its method is. */
const unseen = new Set(['CANCELLED', 'UNIMPLEMENTED']);

/** The operation that a method's route is. Throws for reasons that no errors.proto has. */
export function toOperation(input: OperationInput): Operation {
  const { method, access, rule, text, schemas, problems } = input;
  const { summary, description } = toCommentTexts(sourceOf(method)?.comment ?? method.name);
  const isLenient = rule.path.startsWith(lenientPrefix);
  const bound = boundFields(input);
  const body = requestBodyOf(method.input, rule.body, { bound, direction: isLenient ? 'lenient' : 'request', schemas });
  const parameters = [
    ...pathParameters(method.input, text.places, schemas),
    ...(rule.body === '*' ? [] : queryParameters(method.input, bound, schemas)),
    ...headerParameters(input, isLenient),
  ];
  return {
    operationId: input.operationId,
    tags: [input.tag],
    summary,
    ...describe(joinTexts(description, accessText(access))),
    ...(method.proto.options?.deprecated ? { deprecated: true } : {}),
    security: securityOf(method, access, rule.path),
    parameters,
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...successOf(input), ...problems.of(reasonsAt(input)) },
    ...(isLenient ? { 'x-mawid-lenient': true } : {}),
  };
}

/** Dotted names of the request's fields that path and body fill. */
function boundFields({ rule, text }: OperationInput): Set<string> {
  const captured = text.places.flatMap(({ field }) => (field === undefined ? [] : [field]));
  return new Set(rule.body === '' || rule.body === '*' ? captured : [...captured, rule.body]);
}

function reasonsAt({ method, access, rule }: OperationInput): string[] {
  const isStream = method.methodKind === 'server_streaming';
  const reasons = [...reasonsOf(method, access), ...(isStream ? ['NOT_ACCEPTABLE'] : [])].filter(
    (reason) => !unseen.has(reason),
  );
  if (rule.body === '') return reasons;
  const isRaw = rule.body === '*' && method.input.typeName === 'google.api.HttpBody';
  return [...reasons, 'PAYLOAD_TOO_LARGE', ...(isRaw ? [] : ['UNSUPPORTED_MEDIA_TYPE'])];
}

function headerParameters({ method, rest }: OperationInput, isLenient: boolean): Part[] {
  const reasons = declaredReasonsOf(method);
  const names = [
    'AcceptLanguage',
    'RequestId',
    ...(isLenient ? ['DeviceId'] : []),
    ...(reasons.includes('IDEMPOTENCY_KEY_REUSED') ? ['IdempotencyKey'] : []),
    ...(reasons.includes('STALE_ETAG') ? ['IfMatch'] : []),
    ...(rest?.lastEventIdField ? ['LastEventId'] : []),
  ];
  return names.map(headerParameter);
}

// google.protobuf.MethodOptions.IdempotencyLevel
const noSideEffects = 1;

/** A public question may be asked with a token: an owner sees more. `[{}]` is how a document says that nothing is needed. */
function securityOf(method: DescMethod, access: AccessRule, path: string): Part[] {
  const scheme = path.startsWith(adminPrefix) ? { adminAccessToken: [] } : { accessToken: [] };
  if (!access.public) return [scheme];
  return method.proto.options?.idempotencyLevel === noSideEffects ? [{}, scheme] : [{}];
}

function accessText(access: AccessRule): string {
  if (access.public) return 'For everybody, signed in or not.';
  if (access.signedIn) return 'For everybody who is signed in.';
  return `For these roles: ${access.roles.map((role) => `\`${role}\``).join(', ')}.`;
}
