/** What holds for every route; the reference begins with it. Markdown. */
export const introduction = `The API of Mawid, a marketplace for salon bookings.

## Signing in

\`POST /api/auth/phone/request\` sends a code to a phone and answers a \`request_id\`; \`POST /api/auth/phone/verify\` exchanges both for an \`access\` and a \`refresh\`
token. The access token goes into the header of all other requests, \`Authorization: Bearer …\` (here: the button Authorize). When it ends, after \`expires_in\`
seconds, \`POST /api/auth/token/refresh\` gives the next pair; each refresh token is taken once.

\`\`\`sh
curl https://{host}/api/auth/phone/request -H 'content-type: application/json' -d '{"phone_number": "0512345678"}'
curl https://{host}/api/auth/phone/verify -H 'content-type: application/json' -d '{"request_id": "…", "code": "482915"}'
curl https://{host}/api/auth/me -H 'authorization: Bearer …'
\`\`\`

## Requests

* Bodies are JSON in UTF-8 with the names of this reference; at most 256 KiB, at most 32 levels deep. The camelCase spelling of a name and the full
  protobuf name of an enum's value are understood too. \`null\`, and an empty text where a text is optional, count as not given.
* Unknown members and unknown query parameters are refused: they are usually typing mistakes. Below \`/api/auth/\` they are ignored, and a number
  is taken where a text is wanted.
* Times are RFC 3339 with a zone, dates are \`YYYY-MM-DD\`, ids are UUIDs. Money is an integer in minor units: \`{"amount": 11500, "currency": "SAR"}\` is
  115.00 riyals. Integers do not pass 2^53 − 1; they may also be sent as strings.
* Phone numbers are taken in E.164 and in every common spelling of a Saudi mobile, and are always answered in E.164.
* A slash at the end of a path changes nothing.

## Answers

* Every field is there except unset messages and unset optional fields. New fields and new values of enums may be added at any time: pass over what you do
  not know.
* Lists have pages: \`page_size\` of at most 100 (more is lowered), and \`next_page_token\`, which goes into \`page_token\`; it is empty at the end.
* Texts for people are Arabic or English, by \`Accept-Language\`; \`Content-Language\` says which. \`X-Request-Id\` and \`traceresponse\` name the request for
  support. \`traceparent\` (W3C Trace Context) is taken and answered.
* Resources that change have an \`etag\`, also as a header. Where a route takes \`If-Match\`, a stale one is refused with 412.
* Where a route takes \`Idempotency-Key\`, send one: a try that is repeated with the same key and body has one effect and one answer.

## Refusals

\`application/problem+json\` (RFC 9457). \`code\` is the reason for programs, \`detail\` the text for people; each route lists its codes, and
[/docs/errors](/docs/errors) explains them all. Wrong fields have a member each, with a list of messages. Where waiting helps, \`Retry-After\` and
\`retry_after_seconds\` say how long. Besides what a route lists, any server may answer 404 for a path that it does not know, 405 for a method that a path does
not have, and 408, 414 or 431 for requests that are too slow or too large to read.
`;
