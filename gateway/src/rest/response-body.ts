import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { BindingError } from './boot-error.ts';
import { fieldGetter } from './codec/field-access.ts';
import { fieldCodec, type MessageCodecs } from './codec/field-codec.ts';
import { resolveFieldPath } from './field-path.ts';
import { fromHttpBody, isHttpBody, isHttpBodyField } from './http-body.ts';

/** An answer's body; no content type means no body. */
export interface AnswerBody {
  readonly contentType: string | undefined;
  readonly content: string | Uint8Array;
}

export type ResponseBody = (message: Message) => AnswerBody;

const json = 'application/json';

/** Compiles the answer of a route: the whole message, the field that `response_body` names, or the bytes of an HttpBody. */
export function compileResponseBody(type: DescMessage, responseBody: string, messages: MessageCodecs): ResponseBody {
  if (responseBody !== '') return compileFieldResponse(type, responseBody, messages);
  if (isHttpBody(type)) return toRawAnswer;
  if (type.typeName === 'google.protobuf.Empty') return () => ({ contentType: json, content: '{}' });
  const codec = messages(type);
  return (message) => ({ contentType: json, content: codec.encode(message) });
}

/** Whether a route's answers are the bytes of an HttpBody and not JSON. */
export function isRawResponse(type: DescMessage, responseBody: string): boolean {
  if (responseBody === '') return isHttpBody(type);
  const field = type.fields.find((each) => each.name === responseBody);
  return field !== undefined && isHttpBodyField(field);
}

function compileFieldResponse(type: DescMessage, name: string, messages: MessageCodecs): ResponseBody {
  if (name.includes('.')) throw new BindingError(`response_body "${name}" must name a field of the response itself`);
  const [field] = resolveFieldPath(type, [name]);
  if (field === undefined) throw new BindingError('response_body is empty');
  return isHttpBodyField(field) ? rawField(field) : jsonField(field, messages);
}

function rawField(field: DescField): ResponseBody {
  const get = fieldGetter(field);
  return (message) => {
    const body = get(message) as Message | undefined;
    return body === undefined ? { contentType: undefined, content: '' } : toRawAnswer(body);
  };
}

function jsonField(field: DescField, messages: MessageCodecs): ResponseBody {
  const get = fieldGetter(field);
  const codec = fieldCodec(field, messages);
  return (message) => {
    const value = get(message);
    return { contentType: json, content: value === undefined ? 'null' : codec.encode(value) };
  };
}

function toRawAnswer(message: Message): AnswerBody {
  const { contentType, data } = fromHttpBody(message);
  return { contentType, content: data };
}
