import { STATUS_CODES } from 'node:http';
import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { declaredReasonsOf } from '@mawid/contracts';
import type { RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { resolveFieldPath } from '../rest/field-path.ts';
import { isHttpBody, isHttpBodyField } from '../rest/http-body.ts';
import type { RouteRule } from '../rest/http-rule.ts';
import { exampleOf, fieldExample } from './examples.ts';
import { fieldSchema } from './field-schema.ts';
import { headerRefs } from './headers.ts';
import { longestText } from './scalar-schema.ts';
import type { Schemas } from './schemas.ts';
import type { Part, Schema } from './types.ts';
import { wellKnownSchema } from './well-known-schema.ts';

export interface AnswerInput {
  readonly method: DescMethod;
  readonly rest: RestOptions | undefined;
  readonly rule: RouteRule;
  readonly schemas: Schemas;
}

/** The answer of a route where all is well, by its status. */
export function successOf({ method, rest, rule, schemas }: AnswerInput): Readonly<Record<string, Part>> {
  const status = successStatusOf(method, rest);
  const content = status === 204 ? undefined : contentOf(method, rule, schemas);
  return {
    [status]: {
      description: `${STATUS_CODES[status]}.`,
      headers: headerRefs(...headersOf(method)),
      ...(content === undefined ? {} : { content }),
    },
  };
}

/** As the gateway's bindings have it. */
function successStatusOf(method: DescMethod, rest: RestOptions | undefined): number {
  const declared = rest?.successStatus ?? 0;
  if (declared !== 0) return declared;
  return method.output.typeName === 'google.protobuf.Empty' && method.methodKind === 'unary' ? 204 : 200;
}

function headersOf(method: DescMethod): string[] {
  const isVersioned = method.output.fields.some(({ name, scalar }) => name === 'etag' && scalar !== undefined);
  const isKeyed = declaredReasonsOf(method).includes('IDEMPOTENCY_KEY_REUSED');
  const names = new Set(method.output.fields.map(({ name }) => name));
  const signsIn = names.has('refresh') && names.has('user');
  return [
    ...(isVersioned ? ['ETag'] : []),
    ...(isKeyed ? ['Idempotency-Replayed'] : []),
    ...(signsIn ? ['X-Device-Id'] : []),
  ];
}

function contentOf(method: DescMethod, { responseBody }: RouteRule, schemas: Schemas): Part {
  const [field] = responseBody === '' ? [] : resolveFieldPath(method.output, [responseBody]);
  if (field === undefined ? isHttpBody(method.output) : isHttpBodyField(field)) return binaryContent;
  const body = field === undefined ? messageBody(method.output, schemas) : fieldBody(field, schemas);
  return method.methodKind === 'server_streaming' ? eventContent(body) : { 'application/json': body };
}

interface Body {
  readonly schema: Schema;
  readonly example: unknown;
}

function messageBody(type: DescMessage, schemas: Schemas): Body {
  return { schema: wellKnownSchema(type) ?? schemas.message(type, 'response'), example: exampleOf(type) };
}

function fieldBody(field: DescField, schemas: Schemas): Body {
  return { schema: fieldSchema(field, 'response', schemas), example: fieldExample(field) };
}

const binaryContent: Part = { '*/*': { schema: { type: 'string', format: 'binary', maxLength: 4_194_304 } } };

/** OpenAPI 3.1 has no schema for the single event of a stream: it stands in an extension and is told in words. */
function eventContent({ schema, example }: Body): Part {
  return {
    'text/event-stream': {
      schema: {
        type: 'string',
        maxLength: longestText,
        description:
          'Server-sent events: the `data` of each is JSON of the `contentSchema`, its `id` is what Last-Event-ID takes, and a comment every 15 seconds shows that the stream lives.',
        contentSchema: schema,
      },
      example: `id: 42\ndata: ${JSON.stringify(example)}\n\n`,
    },
  };
}
