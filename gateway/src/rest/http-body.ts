import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import type { HttpBody } from '@mawid/contracts/gen/google/api/httpbody_pb.js';

/** google.api.HttpBody stands for the bytes themselves, whatever their type: webhooks in, receipts out. */
export function isHttpBody(type: DescMessage | undefined): boolean {
  return type?.typeName === 'google.api.HttpBody';
}

export function isHttpBodyField(field: DescField): boolean {
  return field.fieldKind === 'message' && isHttpBody(field.message);
}

export function toHttpBody(contentType: string, data: Uint8Array): HttpBody {
  return { $typeName: 'google.api.HttpBody', contentType, data, extensions: [] };
}

const headerText = /^[\t\x20-\x7e]+$/;

/** The bytes of an HttpBody answer, with the type a client is told; one that cannot be a header is none. */
export function fromHttpBody(message: Message): { contentType: string; data: Uint8Array } {
  const { contentType, data } = message as HttpBody;
  return { contentType: headerText.test(contentType) ? contentType : 'application/octet-stream', data };
}
