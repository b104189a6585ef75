import { create, type DescMessage, type Message } from '@bufbuild/protobuf';
import { BindingError } from './boot-error.ts';
import type { DecodeOptions } from './codec/codec.ts';
import { fieldSetter } from './codec/field-access.ts';
import { fieldCodec, type MessageCodecs } from './codec/field-codec.ts';
import { parseJson } from './codec/json-text.ts';
import { resolveFieldPath } from './field-path.ts';
import { isHttpBody, isHttpBodyField, toHttpBody } from './http-body.ts';
import { toText } from './json-bytes.ts';
import { compileMaskFiller } from './update-mask.ts';

/** What a request's body is for a route: nothing, a JSON document, or bytes of any type. */
export type BodyKind = 'none' | 'json' | 'raw';

export interface RequestBody {
  readonly kind: BodyKind;
  /** The request field that the body fills; `*` for the whole request, empty for none. */
  readonly field: string;
  /** Makes the request message from the body alone. An empty body leaves everything unset. Throws DecodeError. */
  toMessage(bytes: Uint8Array, contentType: string, options: DecodeOptions): Message;
}

/** What a body is compiled from. */
export interface RequestBodyInput {
  readonly type: DescMessage;
  /** The `body` of the http rule. */
  readonly body: string;
  /** Whether a request without `update_mask` gets one; see {@link compileMaskFiller}. */
  readonly fillsMask: boolean;
  /** The dotted names of the fields that the path fills. */
  readonly captured: ReadonlySet<string>;
  readonly messages: MessageCodecs;
}

/** Compiles the `body` of an http rule. Throws {@link BindingError} where it names no field of the request, or one that the path fills. */
export function compileRequestBody(input: RequestBodyInput): RequestBody {
  const { type, body, messages } = input;
  if (body === '') return { kind: 'none', field: '', toMessage: () => create(type) };
  if (body !== '*') return compileFieldBody(input);
  if (isHttpBody(type))
    return { kind: 'raw', field: '*', toMessage: (bytes, contentType) => toHttpBody(contentType, bytes) };
  const codec = messages(type);
  return {
    kind: 'json',
    field: '*',
    toMessage: (bytes, _contentType, options) =>
      bytes.length === 0 ? create(type) : (codec.decode(parseJson(toText(bytes)), options) as Message),
  };
}

function compileFieldBody({ type, body, fillsMask, captured, messages }: RequestBodyInput): RequestBody {
  if (body.includes('.')) throw new BindingError(`body "${body}" must name a field of the request itself`);
  const [field] = resolveFieldPath(type, [body]);
  if (field === undefined) throw new BindingError('body is empty');
  if (captured.has(body)) throw new BindingError(`body "${body}" is taken from the path already`);
  const fillMask = fillsMask ? compileMaskFiller(type, field, captured) : undefined;
  const set = fieldSetter(field);
  const raw = isHttpBodyField(field);
  const codec = fieldCodec(field, messages);
  return {
    kind: raw ? 'raw' : 'json',
    field: body,
    toMessage: (bytes, contentType, options) => {
      const message = create(type);
      if (raw) set(message, toHttpBody(contentType, bytes));
      if (raw || bytes.length === 0) return message;
      const json = parseJson(toText(bytes));
      set(message, codec.decode(json, options));
      fillMask?.(message, json);
      return message;
    },
  };
}
