import { withExample } from './parameters.ts';
import type { Part, Schema } from './types.ts';

const header = (description: string, schema: Schema, example: unknown): Part => ({ description, schema, example });
const always = (part: Part): Part => ({ ...part, required: true });

const seconds = { type: 'integer', format: 'int32', minimum: 1, maximum: 2_147_483_647 };
const requestId = { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$', maxLength: 128 };
const languageTag = { type: 'string', enum: ['ar', 'en'] };
const traceparent = { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', maxLength: 55 };
const structured = { type: 'string', maxLength: 1_000 };
const entityTag = { type: 'string', pattern: '^"[^"]*"$', maxLength: 130 };

/** Headers of answers, by name. */
export const responseHeaders: Readonly<Record<string, Part>> = {
  'X-Request-Id': always(
    header(
      'Names this request in our logs: the one that was sent, else one made here.',
      requestId,
      '5f0c1a3e-6a0b-4b62-9d0e-2b8f0f3c9d11',
    ),
  ),
  'Content-Language': always(header('The language of the texts for people.', languageTag, 'ar')),
  traceresponse: header(
    'The trace of this request (W3C Trace Context); give it to our support.',
    traceparent,
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ),
  RateLimit: header(
    'What is left of the limits that count this request, and when more comes (IETF draft-ietf-httpapi-ratelimit-headers-10).',
    structured,
    '"write";r=42;t=30',
  ),
  'RateLimit-Policy': header(
    'The limits that count this request: how many (`q`) in how many seconds (`w`).',
    structured,
    '"write";q=60;w=60',
  ),
  'Access-Control-Allow-Origin': header(
    'The origin that asked, where it is on our list; absent elsewhere.',
    { type: 'string', maxLength: 300 },
    'https://app.mawid.sa',
  ),
  ETag: header('The version of the resource, for If-Match.', entityTag, '"3"'),
  'Idempotency-Replayed': header(
    '`true` where this is the answer that an earlier request with the same Idempotency-Key got; absent elsewhere.',
    { type: 'string', const: 'true' },
    'true',
  ),
  'X-Device-Id': header(
    'After a sign-in: our name for this device. Send it with every request from then on; strangers cannot lock a known device out.',
    { type: 'string', pattern: '^[\\x21-\\x7e]+$', maxLength: 128 },
    'md1.uW1q0V9yq2mC4l0w3m8G1Q.Zk3aM0b9o2p5r7t1v4x6yA',
  ),
  'Retry-After': always(header('How many seconds to wait before the next try.', seconds, 30)),
  Accept: header('The content types that this route takes.', { type: 'string', maxLength: 200 }, 'application/json'),
  'Accept-Encoding': header('The encodings that this route takes.', { type: 'string', maxLength: 200 }, 'identity'),
  'WWW-Authenticate': always(
    header('How to sign in (RFC 6750).', { type: 'string', maxLength: 300 }, 'Bearer realm="mawid"'),
  ),
};

/** On every answer. */
export const usualHeaders = [
  'X-Request-Id',
  'Content-Language',
  'traceresponse',
  'RateLimit',
  'RateLimit-Policy',
  'Access-Control-Allow-Origin',
] as const;

function parameter(name: string, description: string, schema: Schema, example: unknown): Part {
  return { name, in: 'header', description, required: false, ...withExample(schema, example, false) };
}

const keyPattern = '^("[\\x21-\\x7e]+"|[\\x21-\\x7e]+)$';

/** Headers of requests, by the name of their component. */
export const requestHeaders: Readonly<Record<string, Part>> = {
  AcceptLanguage: parameter(
    'Accept-Language',
    'The language of the texts for people: `ar` or `en`. Without it the language that the account has, else English.',
    { type: 'string', maxLength: 200 },
    'ar-SA',
  ),
  RequestId: parameter(
    'X-Request-Id',
    'Your name for this request; the answer repeats it.',
    requestId,
    '5f0c1a3e-6a0b-4b62-9d0e-2b8f0f3c9d11',
  ),
  DeviceId: parameter(
    'X-Device-Id',
    'The same text for all requests of one device: sessions are told apart by it.',
    { type: 'string', pattern: '^[\\x21-\\x7e]+$', maxLength: 128 },
    'ios-1C7F9B62',
  ),
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'A text of your choice, such as a UUID, that is new for each intention, and the same for every try of it. The effect happens once; a retry gets the first answer again. Kept for 24 hours.',
    { type: 'string', pattern: keyPattern, minLength: 1, maxLength: 257 },
    '"2f1c7d0e-booking"',
  ),
  IfMatch: parameter(
    'If-Match',
    'The ETag that you know, with its quotes: refused with 412 where the resource has changed since. Without it the change is made in any case.',
    { type: 'string', maxLength: 200 },
    '"3"',
  ),
  LastEventId: parameter(
    'Last-Event-ID',
    'The id of the last event that arrived: the stream goes on after it.',
    { type: 'string', maxLength: 200 },
    '1893456000-42',
  ),
};

/** `{ 'X-Request-Id': { $ref }, … }` for the usual headers and those named. */
export function headerRefs(...names: readonly string[]): Readonly<Record<string, Part>> {
  return Object.fromEntries(
    [...usualHeaders, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }] as const),
  );
}

/** A reference to a request header's component. */
export function headerParameter(name: string): Part {
  return { $ref: `#/components/parameters/${name}` };
}
