import type { Route } from './http-types.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Record<string, string>;
}

export type RouteLookup = RouteMatch | 'unknown_path' | 'wrong_method';

export type Router = (method: string, path: string) => RouteLookup;

/** Compiles `/v1/payments/{id}/refund` style paths once; literal routes win over parameters by their place in the table. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, pattern: toPattern(route.path) }));
  return (method, path) => {
    const here = compiled.flatMap(({ route, pattern }) => {
      const found = pattern.exec(path);
      return found === null ? [] : [{ route, groups: found.groups ?? {} }];
    });
    const match = here.find(({ route }) => route.method === method);
    if (match !== undefined) return { route: match.route, params: decodeAll(match.groups) };
    return here.length === 0 ? 'unknown_path' : 'wrong_method';
  };
}

/** Turns a path with `{name}` or `*` segments into an anchored expression. */
export function toPattern(path: string): RegExp {
  const source = path
    .split(/(\{[a-z_0-9]+\}|\*)/)
    .map((part) => {
      if (part === '*') return '[^/]+';
      if (part.startsWith('{')) return `(?<${part.slice(1, -1)}>[^/]+)`;
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
