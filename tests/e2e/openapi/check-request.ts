import type { ApiDocument, DocumentedOperation, Json } from './api-document.ts';
import { toDocumented, toSnakeCase } from './to-documented.ts';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a request that was accepted does against the document. */
export function checkRequest(api: ApiDocument, found: DocumentedOperation, request: SeenRequest): string[] {
  return [...checkParameters(api, found, request), ...checkBody(api, found.operation, request)];
}

function checkParameters(
  api: ApiDocument,
  { operation, values }: DocumentedOperation,
  { query, headers }: SeenRequest,
): string[] {
  const parameters = (operation.parameters as unknown[]).map((each) => api.follow(each));
  const names = new Set(parameters.filter((each) => each.in === 'query').map(({ name }) => String(name)));
  const given = toQuery(query, names);
  const unknown = [...given.keys()].filter((name) => !names.has(name) && operation['x-mawid-lenient'] !== true);
  const wrong = parameters.flatMap((parameter) => {
    const sent = sentFor(parameter, { values, given, headers });
    const named = `the ${parameter.in} parameter ${parameter.name}`;
    if (sent === undefined) return parameter.required === true ? [`${named} is missing`] : [];
    return api.problems(parameter.schema, toValue(sent, parameter, api)).map((problem) => `${named}: ${problem}`);
  });
  return [...unknown.map((name) => `the query parameter ${name} is not documented`), ...wrong];
}

interface Sent {
  readonly values: Readonly<Record<string, string>>;
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly headers: SeenRequest['headers'];
}

function sentFor({ in: place, name }: Json, { values, given, headers }: Sent): readonly string[] | undefined {
  const key = String(name);
  if (place === 'path') return [values[key] ?? ''];
  const sent = place === 'query' ? given.get(key) : [headers[key.toLowerCase()]].flat().filter((each) => each);
  return sent === undefined || sent.length === 0 ? undefined : (sent as readonly string[]);
}

function toValue(sent: readonly string[], { schema }: Json, api: ApiDocument): unknown {
  const known = api.follow(schema);
  if (known.type === 'array') return sent.map((each) => toScalar(each, api.follow(known.items)));
  return toScalar(sent.join(', '), known);
}

/** A header's or parameter's text as the kind of value that its schema wants. */
export function toScalar(text: string, { type, enum: labels }: Json): unknown {
  if ((type === 'integer' || type === 'number') && text.trim() !== '') return Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return toDocumented(
    text,
    { type, enum: labels },
    { api: { follow: (part: unknown) => part } as never, lenient: false },
  );
}

/** The parameters by their documented names; an empty one counts as not given. */
function toQuery(query: string, names: ReadonlySet<string>): Map<string, string[]> {
  const given = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) {
    const name = names.has(key) ? key : toSnakeCase(key);
    if (value !== '') given.set(name, [...(given.get(name) ?? []), value]);
  }
  return given;
}

function checkBody(api: ApiDocument, operation: Json, { headers, body }: SeenRequest): string[] {
  const documented = operation.requestBody as Json | undefined;
  const text = body.toString('utf8').trim();
  if (documented === undefined) return text === '' || text === '{}' ? [] : ['a body is not documented'];
  if (text === '') return documented.required === true ? ['the body is missing'] : [];
  const content = documented.content as Record<string, Json>;
  const type =
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  if (content['*/*'] !== undefined) return [];
  const schema = content[type]?.schema;
  if (schema === undefined) return [`a body of ${type} is not documented`];
  const lenient = operation['x-mawid-lenient'] === true;
  return api.problems(schema, toDocumented(JSON.parse(text), schema, { api, lenient })).map((each) => `body: ${each}`);
}
