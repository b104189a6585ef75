import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ReadableText } from './find-secrets.ts';
import type { SpanRequest } from './span-collector.ts';

// Field numbers of opentelemetry.proto.collector.trace.v1 and what it contains.
const resourceSpans = 1;
const scopeSpans = 2;
const spans = 2;
const spanName = 5;

/** All texts and whole numbers of the spans: names, attributes, events, statuses. The place is the span's name. */
export function readSpans(requests: readonly SpanRequest[]): ReadableText[] {
  return requests.flatMap(({ contentType, body }) =>
    contentType.includes('json') ? [{ place: 'a span', text: body.toString('utf8') }] : readExport(body),
  );
}

function readExport(body: Buffer): ReadableText[] {
  const groups = messagesIn(body, resourceSpans);
  const resources = groups.flatMap((group) =>
    textsIn(firstIn(group, 1)).map((text) => ({ place: 'a resource', text })),
  );
  const found = groups.flatMap((group) => messagesIn(group, scopeSpans)).flatMap((scope) => messagesIn(scope, spans));
  return [...resources, ...found.flatMap(readSpan)];
}

function readSpan(span: Uint8Array): ReadableText[] {
  const name = new TextDecoder().decode(firstIn(span, spanName));
  return textsIn(span).map((text) => ({ place: `the span "${name}"`, text }));
}

const firstIn = (message: Uint8Array, field: number): Uint8Array => messagesIn(message, field)[0] ?? new Uint8Array();

function messagesIn(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type, field);
  }
  return found;
}

/** Bytes may be a text, a message, or both by chance; what is looked for would stand in either. */
function textsIn(message: Uint8Array): string[] {
  const reader = new BinaryReader(message);
  const found: string[] = [];
  try {
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (type === WireType.Varint) found.push(String(reader.uint64()));
      else if (type === WireType.LengthDelimited) found.push(...textsOf(reader.bytes()));
      else reader.skip(type, field);
    }
  } catch {
    return [];
  }
  return found;
}

function textsOf(bytes: Uint8Array): string[] {
  const inner = textsIn(bytes);
  const text = new TextDecoder().decode(bytes);
  // Control characters: a message, whose own texts were found one by one.
  const isText = bytes.length > 0 && !/[^\P{Cc}\t\n\r]|\ufffd/u.test(text);
  return isText ? [text, ...inner] : inner;
}
