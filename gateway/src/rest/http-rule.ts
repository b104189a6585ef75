import { METHODS } from 'node:http';
import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf';
import { http } from '@mawid/contracts/gen/google/api/annotations_pb.js';
import type { HttpRule } from '@mawid/contracts/gen/google/api/http_pb.js';
import { BindingError, compileAll } from './boot-error.ts';

/** The kind of a custom pattern that stands for every method (google/api/http.proto, HttpRule.custom). OPTIONS stays ours: it tells what a path allows. */
export const anyMethod = '*';

/** Methods that reach no route of their own, and why. */
const answeredElsewhere: ReadonlyMap<string, string> = new Map([
  ['HEAD', 'HEAD is answered as GET without its body'],
  ['OPTIONS', 'OPTIONS tells the methods of a path'],
  ['CONNECT', 'CONNECT asks for a tunnel'],
]);

/** One route that a method's annotation asks for. */
export interface RouteRule {
  /** Upper case; {@link anyMethod} for all. */
  readonly httpMethod: string;
  readonly path: string;
  readonly body: string;
  readonly responseBody: string;
}

/** The routes of a method, additional bindings included; none without an annotation. Throws {@link BindingError}. */
export function routeRulesOf(method: DescMethod): RouteRule[] {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  for (const extra of rule.additionalBindings) {
    if (extra.additionalBindings.length > 0)
      throw new BindingError('additional_bindings may not have some of their own');
  }
  return compileAll([rule, ...rule.additionalBindings].map((each) => () => toRouteRule(each)));
}

function toRouteRule(rule: HttpRule): RouteRule {
  const { httpMethod, path } = toPattern(rule);
  if (httpMethod !== anyMethod && !METHODS.includes(httpMethod))
    throw new BindingError(`"${httpMethod}" is not an HTTP method this server can receive`);
  const owner = answeredElsewhere.get(httpMethod);
  if (owner !== undefined) throw new BindingError(`${httpMethod} ${path} would never be called: ${owner}`);
  if (rule.body !== '' && httpMethod === 'GET') throw new BindingError(`${httpMethod} ${path} cannot have a body`);
  return { httpMethod, path, body: rule.body, responseBody: rule.responseBody };
}

function toPattern({ pattern }: HttpRule): { httpMethod: string; path: string } {
  switch (pattern.case) {
    case undefined:
      throw new BindingError('the http rule has no method and path');
    case 'custom':
      return { httpMethod: pattern.value.kind.toUpperCase(), path: pattern.value.path };
    default:
      return { httpMethod: pattern.case.toUpperCase(), path: pattern.value };
  }
}
