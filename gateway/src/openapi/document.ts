import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { declaredReasonsOf, errorReasons, sourceOf } from '@mawid/contracts';
import { isRoutable } from '../rest/access.ts';
import { placeOf, RouteError } from '../rest/boot-error.ts';
import { anyMethod, type RouteRule, routeRulesOf } from '../rest/http-rule.ts';
import type { RouteSources } from '../rest/routes.ts';
import { parseTemplate } from '../rest/template.ts';
import { describe } from './comment-texts.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { introduction } from './introduction.ts';
import { type OperationInput, toOperation } from './operation.ts';
import { type PathText, toPathText } from './path-text.ts';
import { createProblemResponses, type ProblemResponses } from './problem-responses.ts';
import { problemSchemas } from './problem-schemas.ts';
import { createSchemas, type Schemas } from './schemas.ts';
import { securitySchemes } from './security-schemes.ts';
import type { OpenApiDocument, Operation, Part } from './types.ts';
import { usedComponents } from './used-components.ts';

export interface DocumentSources extends Pick<RouteSources, 'services' | 'accessRuleOf' | 'restOptionsOf'> {
  /** Where clients reach this API, where that is known and https; they are told the reference's own origin otherwise. */
  readonly publicUrl?: string | undefined;
}

/** Version of the API: its paths are those of /api, its packages those of v1. */
const version = '1.0.0';
const anyMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const describable = new Set([...anyMethods, 'HEAD', 'OPTIONS', 'TRACE']);

/** The OpenAPI document of all routes that the services' protos ask for; the same protos give the same document. Throws for what the gateway would not start with. */
export function buildDocument(sources: DocumentSources): OpenApiDocument {
  const schemas = createSchemas();
  const problems = createProblemResponses();
  const methods = sources.services.flatMap((service) => service.methods).flatMap((each) => toShown(each, sources));
  const paths = buildPaths(methods, schemas, problems);
  const shown = new Set(methods.map(({ method }) => method.parent));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Mawid',
      version,
      summary: 'Salon bookings in Saudi Arabia.',
      description: introduction,
      contact: { name: 'Mawid', url: 'https://mawid.sa' },
      license: { name: 'Proprietary', url: 'https://mawid.sa' },
    },
    servers: [serverAt(sources.publicUrl)],
    tags: inReadingOrder(
      [...shown].map((service) => ({ name: tagOf(service), ...describe(sourceOf(service)?.comment) })),
    ),
    paths,
    components: usedComponents(paths, {
      schemas: sorted({ ...schemas.all(), ...problemSchemas }),
      responses: problems.all(),
      parameters: requestHeaders,
      headers: responseHeaders,
      securitySchemes,
    }),
  };
}

function serverAt(publicUrl: string | undefined): Part {
  const isPublic = publicUrl?.startsWith('https:') === true;
  const url = isPublic ? publicUrl.replace(/\/+$/, '') : '/';
  return { url, description: isPublic ? 'Production.' : 'This server, in production or local.', 'x-internal': false };
}

/** A method that has routes. */
interface ShownMethod extends Pick<OperationInput, 'method' | 'access' | 'rest'> {
  readonly rules: readonly RouteRule[];
}

function toShown(method: DescMethod, { accessRuleOf, restOptionsOf }: DocumentSources): ShownMethod[] {
  const access = accessRuleOf(method);
  const rules = routeRulesOf(method);
  if (access === undefined || !isRoutable(access) || rules.length === 0) return [];
  return [{ method, access, rest: restOptionsOf(method), rules }];
}

function buildPaths(
  methods: readonly ShownMethod[],
  schemas: Schemas,
  problems: ProblemResponses,
): Record<string, Record<string, Operation>> {
  const paths: Record<string, Record<string, Operation>> = {};
  const ids = new Set<string>();
  const shapes = new Map<string, PathText>();
  const mistakes: string[] = [];
  for (const { rules, ...shown } of methods) {
    mistakes.push(...unknownReasonsOf(shown.method));
    if (mistakes.length > 0) continue;
    for (const { rule, httpMethod, wantedId } of routesOf(shown.method, rules)) {
      const text = toKnownPlaces(toPathText(parseTemplate(rule.path)), shapes);
      const operationId = uniqueId(wantedId, shown.method, ids);
      const tag = tagOf(shown.method.parent);
      const item = paths[text.path] ?? {};
      paths[text.path] = item;
      item[httpMethod.toLowerCase()] = toOperation({ ...shown, rule, text, operationId, tag, schemas, problems });
    }
  }
  if (mistakes.length > 0) throw new RouteError(mistakes);
  return sorted(paths);
}

function unknownReasonsOf(method: DescMethod): string[] {
  const unknown = declaredReasonsOf(method).filter((reason) => !errorReasons().has(reason));
  return unknown.map((reason) => `${placeOf(method, sourceOf)}: no errors.proto has the reason ${reason}`);
}

/** Paths that differ only by the names of their places are one path to OpenAPI: the first one's names stay. */
function toKnownPlaces(text: PathText, shapes: Map<string, PathText>): PathText {
  const shape = text.path.replace(/\{[^}]+\}/g, '{}');
  const first = shapes.get(shape) ?? text;
  shapes.set(shape, first);
  const places = text.places.map((place, index) => ({ ...place, name: first.places[index]?.name ?? place.name }));
  return { path: first.path, places };
}

interface Route {
  readonly rule: RouteRule;
  readonly httpMethod: string;
  readonly wantedId: string;
}

/** `createBooking`; further routes of the method are `createBooking2`, …. */
function routesOf(method: DescMethod, rules: readonly RouteRule[]): Route[] {
  const all = rules.flatMap((rule) =>
    (rule.httpMethod === anyMethod ? anyMethods : [rule.httpMethod])
      // OpenAPI has no place for further methods of HTTP.
      .filter((httpMethod) => describable.has(httpMethod))
      .map((httpMethod) => ({ rule, httpMethod })),
  );
  return all.map((route, index) => ({ ...route, wantedId: `${method.localName}${index === 0 ? '' : index + 1}` }));
}

/** Methods of two services may have one name; the second one's id begins with its service. */
function uniqueId(wanted: string, method: DescMethod, taken: Set<string>): string {
  const service = tagOf(method.parent).replaceAll(' ', '');
  const own = `${service.charAt(0).toLowerCase()}${service.slice(1)}${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}`;
  const id = taken.has(wanted) ? own : wanted;
  if (taken.has(id)) throw new Error(`two operations would be ${id}`);
  taken.add(id);
  return id;
}

/** As a person reads who starts with nothing: signing in, finding, booking, paying. */
const readingOrder = ['Auth', 'User', 'Catalog', 'Availability', 'Booking', 'Payment', 'Notification'];

/** Tags that the order does not know follow in the order of the protos; those of admins end the list. */
function inReadingOrder<T extends { readonly name: string }>(tags: readonly T[]): T[] {
  const rank = ({ name }: T): number => {
    const known = readingOrder.indexOf(name);
    if (known >= 0) return known;
    return name === 'Admin' ? readingOrder.length + 1 : readingOrder.length;
  };
  return [...tags].sort((a, b) => rank(a) - rank(b));
}

/** `BookingService` → `Booking`. */
function tagOf(service: DescService): string {
  return service.name.replace(/Service$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
