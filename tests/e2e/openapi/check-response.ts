import type { ApiDocument, DocumentedOperation, Json } from './api-document.ts';
import { toScalar } from './check-request.ts';
import { readEvents } from './read-events.ts';

/** An answer as it came. */
export interface SeenResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** False for HEAD, of which the body is not there. */
  readonly hasBody: boolean;
}

/** What HTTP itself and browsers' safety want; they are the same on every answer and no part of the API. */
const unspoken = new Set([
  ...['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding', 'vary', 'allow'],
  ...['cache-control', 'content-security-policy', 'referrer-policy', 'strict-transport-security', 'traceparent'],
  ...['x-content-type-options', 'x-frame-options', 'access-control-expose-headers', 'x-accel-buffering'],
]);
/** The document's introduction says that any server may answer these: what was sent could not be read. */
const anywhere = new Set([408, 414, 431]);
const problemSchema = { $ref: '#/components/schemas/Problem' };

/** What an answer does against the document; `found` is undefined where the document has no such operation. */
export function checkResponse(
  api: ApiDocument,
  found: DocumentedOperation | undefined,
  response: SeenResponse,
): string[] {
  const { status } = response;
  if (found === undefined) {
    const isRefused = status === 404 || status === 405 || anywhere.has(status);
    return isRefused ? checkProblem(api, response) : [`${status} for an operation that is not documented`];
  }
  const documented = (found.operation.responses as Json)[String(status)];
  if (documented === undefined) {
    return anywhere.has(status) ? checkProblem(api, response) : [`the status ${status} is not documented`];
  }
  const known = api.follow(documented);
  return [...checkHeaders(api, known, response), ...checkContent(api, known, response)];
}

function checkHeaders(api: ApiDocument, { headers: documented = {} }: Json, { headers }: SeenResponse): string[] {
  const known = Object.entries(documented as Record<string, unknown>).map(([name, each]) => ({
    name: name.toLowerCase(),
    header: api.follow(each),
  }));
  const names = new Set(known.map(({ name }) => name));
  const extra = Object.keys(headers).filter((name) => !names.has(name) && !unspoken.has(name));
  const wrong = known.flatMap(({ name, header }) => {
    const text = [headers[name]].flat().join(', ');
    if (headers[name] === undefined) return header.required === true ? [`the header ${name} is missing`] : [];
    const value = toScalar(text, header.schema as Json);
    return api.problems(header.schema, value).map((each) => `the header ${name}: ${each} (${text})`);
  });
  return [...extra.map((name) => `the header ${name} is not documented`), ...wrong];
}

function checkContent(api: ApiDocument, response: Json, { headers, body, hasBody, status }: SeenResponse): string[] {
  const content = response.content as Record<string, Json> | undefined;
  const type =
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? '';
  if (content === undefined) return body.length > 0 || type !== '' ? ['a body is not documented'] : [];
  const documented = content[type] ?? content['*/*'];
  if (documented === undefined) return [`the content type "${type}" is not documented`];
  if (hasBody && type === 'text/event-stream') return checkEvents(api, documented.schema as Json, body);
  if (!hasBody || !type.endsWith('json')) return [];
  const value = JSON.parse(body.toString('utf8')) as Json;
  return [...api.problems(documented.schema, value), ...checkCode(response, value, status)];
}

/** The data of each event is what the schema of the stream says, and that of its last words a problem. */
function checkEvents(api: ApiDocument, { contentSchema }: Json, body: Buffer): string[] {
  return readEvents(body.toString('utf8')).flatMap(({ type, data }) =>
    api.problems(type === 'error' ? problemSchema : contentSchema, JSON.parse(data)),
  );
}

/** The reason is one that the route promised. */
function checkCode(response: Json, { code, status: said }: Json, status: number): string[] {
  const codes = response['x-mawid-codes'] as readonly unknown[] | undefined;
  if (codes === undefined) return [];
  const undeclared = codes.includes(code) ? [] : [`the code ${String(code)} is not documented`];
  return said === status ? undeclared : [...undeclared, `the body says status ${String(said)}`];
}

function checkProblem(api: ApiDocument, { headers, body, hasBody }: SeenResponse): string[] {
  if (headers['content-type'] !== 'application/problem+json') return ['the refusal is no problem+json'];
  return hasBody ? api.problems(problemSchema, JSON.parse(body.toString('utf8'))) : [];
}
