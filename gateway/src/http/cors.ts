/** Answers for browsers' cross-origin calls. Tokens travel in a header, so credentials in the sense of cookies are never allowed. */
export interface Cors {
  /** Headers of every answer to this origin; empty for origins that are not on the list. */
  headersFor(origin: string | undefined): Readonly<Record<string, string>>;
  /** Further headers of the answer to a preflight; empty for origins that are not on the list. */
  preflightFor(origin: string | undefined, methods: readonly string[]): Readonly<Record<string, string>>;
}

const requestHeaders = [
  'Authorization',
  'Content-Type',
  'Accept-Language',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'X-Request-Id',
  'X-Device-Id',
  'traceparent',
].join(', ');
/** Every header of an answer that says something to a client's code; browsers show it none but a few otherwise. */
const responseHeaders = [
  'Accept',
  'Accept-Encoding',
  'Allow',
  'ETag',
  'Content-Language',
  'Idempotency-Replayed',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
  'X-Device-Id',
  'X-Request-Id',
  'traceparent',
  'traceresponse',
].join(', ');
const nothing = {};

/** `origins` are exact (`https://app.mawid.sa`); `*` allows all. */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && (allowed.has(origin) || allowed.has('*'));
  return {
    headersFor: (origin) =>
      isAllowed(origin)
        ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': responseHeaders }
        : nothing,
    preflightFor: (origin, methods) =>
      isAllowed(origin)
        ? {
            'access-control-allow-methods': methods.join(', '),
            'access-control-allow-headers': requestHeaders,
            'access-control-max-age': '7200',
          }
        : nothing,
  };
}
