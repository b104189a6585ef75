import type { Binding } from './binding.ts';
import { anyMethod } from './http-rule.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';
import type { Routes } from './routes.ts';

/** What a method and a path ask for. */
export type Resolution =
  | { readonly kind: 'call'; readonly binding: Binding; readonly path: RequestPath }
  | { readonly kind: 'options'; readonly allow: readonly string[] }
  | { readonly kind: 'wrong_method'; readonly allow: readonly string[] }
  | { readonly kind: 'not_found' };

/** Finds the route. HEAD is GET without the body; OPTIONS tells the methods of any path that has some. */
export function resolve(routes: Routes, method: string, path: string): Resolution {
  const parsed = parseRequestPath(path);
  if (parsed === undefined) return { kind: 'not_found' };
  const match = routes.trie.find(parsed, method === 'HEAD' ? 'GET' : method);
  if (match.kind === 'route') return { kind: 'call', binding: match.route, path: match.path };
  if (match.kind === 'none') return { kind: 'not_found' };
  return { kind: method === 'OPTIONS' ? 'options' : 'wrong_method', allow: toAllow(match.methods) };
}

/** What is told of a route of any method. */
const usualMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function toAllow(methods: readonly string[]): string[] {
  const named = methods.flatMap((method) => (method === anyMethod ? usualMethods : [method]));
  const head = named.includes('GET') ? ['HEAD'] : [];
  return [...new Set([...named, ...head, 'OPTIONS'])].toSorted();
}
