import { anyMethod } from './http-rule.ts';
import { isNoName, type RequestPath } from './request-path.ts';
import type { PathTemplate, TemplateSegment } from './template.ts';

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  star: Node<T> | undefined;
  deep: Node<T> | undefined;
  /** By verb, then by HTTP method. */
  readonly leaves: Map<string, Map<string, T>>;
}

/** What a path leads to: a route, or only the methods that the path would have. */
export type Match<T> =
  | { readonly kind: 'route'; readonly route: T; readonly path: RequestPath }
  | { readonly kind: 'methods'; readonly methods: readonly string[] }
  | { readonly kind: 'none' };

/**
 * The routes by path. Literal segments win over `*`, `*` over `**`, from left to right; a custom verb over none; on one path, a route of the method over
 * one of any method. OPTIONS is asked of paths, not of routes: one of any method does not take it.
 */
export interface Trie<T> {
  /** Adds a route; gives the one that already has this shape and method, in which case nothing is added. */
  insert(template: PathTemplate, method: string, route: T): T | undefined;
  find(path: RequestPath, method: string): Match<T>;
}

export function createTrie<T>(): Trie<T> {
  const root = createNode<T>();
  return {
    insert: (template, method, route) => {
      let node = root;
      for (const segment of template.segments) node = descend(node, segment);
      let methods = node.leaves.get(template.verb);
      if (methods === undefined) {
        methods = new Map();
        node.leaves.set(template.verb, methods);
      }
      const present = methods.get(method);
      if (present === undefined) methods.set(method, route);
      return present;
    },
    find: (path, method) => findRoute(root, path, method),
  };
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), star: undefined, deep: undefined, leaves: new Map() };
}

function descend<T>(node: Node<T>, segment: TemplateSegment): Node<T> {
  if (segment === '*') {
    node.star ??= createNode();
    return node.star;
  }
  if (segment === '**') {
    node.deep ??= createNode();
    return node.deep;
  }
  let child = node.literals.get(segment.literal);
  if (child === undefined) {
    child = createNode();
    node.literals.set(segment.literal, child);
  }
  return child;
}

function findRoute<T>(root: Node<T>, path: RequestPath, method: string): Match<T> {
  const methods = new Set<string>();
  for (const { verb, path: wanted } of toCandidates(path)) {
    const route = search(root, 0, { segments: wanted.decoded, verb, method, methods });
    if (route !== undefined) return { kind: 'route', route, path: wanted };
  }
  return methods.size > 0 ? { kind: 'methods', methods: [...methods] } : { kind: 'none' };
}

/** A last segment with a colon is first read as segment and verb, then as a whole. An encoded colon is no verb's. */
function toCandidates(path: RequestPath): { verb: string; path: RequestPath }[] {
  const last = path.raw.at(-1) ?? '';
  const colon = last.lastIndexOf(':');
  const whole = { verb: '', path };
  if (colon < 0) return [whole];
  const head = last.slice(0, colon);
  const name = decodeURIComponent(head);
  if (isNoName(name)) return [whole];
  const shortened = { raw: [...path.raw.slice(0, -1), head], decoded: [...path.decoded.slice(0, -1), name] };
  return [{ verb: decodeURIComponent(last.slice(colon + 1)), path: shortened }, whole];
}

interface Search {
  readonly segments: readonly string[];
  readonly verb: string;
  readonly method: string;
  /** Collects the methods of every leaf the path reaches, for 405. */
  readonly methods: Set<string>;
}

function search<T>(node: Node<T>, index: number, wanted: Search): T | undefined {
  const segment = wanted.segments[index];
  if (segment === undefined) return takeLeaf(node, wanted) ?? (node.deep && takeLeaf(node.deep, wanted));
  const literal = node.literals.get(segment);
  const byLiteral = literal && search(literal, index + 1, wanted);
  if (byLiteral !== undefined) return byLiteral;
  const byStar = node.star && search(node.star, index + 1, wanted);
  if (byStar !== undefined) return byStar;
  return node.deep && takeLeaf(node.deep, wanted);
}

function takeLeaf<T>(node: Node<T>, wanted: Search): T | undefined {
  const methods = node.leaves.get(wanted.verb);
  if (methods === undefined) return undefined;
  for (const method of methods.keys()) wanted.methods.add(method);
  return methods.get(wanted.method) ?? (wanted.method === 'OPTIONS' ? undefined : methods.get(anyMethod));
}
