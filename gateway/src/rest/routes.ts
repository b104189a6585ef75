import type { DescMethod, DescMethodServerStreaming, DescMethodUnary, DescService, Registry } from '@bufbuild/protobuf';
import type { AccessRule, RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { isRoutable } from './access.ts';
import { type Binding, compileBinding } from './binding.ts';
import { BindingError, compileAll, placeOf, RouteError, type SourceLookup } from './boot-error.ts';
import { createCodecs } from './codec/codecs.ts';
import type { MessageCodecs } from './codec/field-codec.ts';
import { type RouteRule, routeRulesOf } from './http-rule.ts';
import { type PathTemplate, parseTemplate, TemplateError } from './template.ts';
import { createTrie, type Trie } from './trie.ts';

/** What the routes are made of; the options' readers are those of @mawid/contracts. */
export interface RouteSources {
  readonly services: readonly DescService[];
  /** For types inside google.protobuf.Any. */
  readonly registry: Registry;
  accessRuleOf(method: DescMethod): AccessRule | undefined;
  restOptionsOf(method: DescMethod): RestOptions | undefined;
  /** For messages about mistakes; without it they name no line, unless the descriptors do. */
  readonly sourceOf?: SourceLookup;
}

export interface Routes {
  readonly trie: Trie<Binding>;
  readonly bindings: readonly Binding[];
}

/**
 * Compiles every http annotation of the services. Throws one {@link RouteError} with every mistake, each with the proto's file and line: templates, bodies
 * or responses that name no field, two bindings of one route, methods without an access rule or for services only, streams of requests.
 */
export function compileRoutes(sources: RouteSources): Routes {
  const trie = createTrie<Binding>();
  const messages = createCodecs(sources.registry);
  const bindings: Binding[] = [];
  const problems: string[] = [];
  for (const method of sources.services.flatMap((service) => service.methods)) {
    try {
      bindings.push(...compileMethod(method, { sources, messages, trie }));
    } catch (error) {
      if (!(error instanceof BindingError)) throw error;
      problems.push(...error.problems.map((problem) => `${placeOf(method, sources.sourceOf)}: ${problem}`));
    }
  }
  if (problems.length > 0) throw new RouteError(problems);
  return { trie, bindings };
}

interface Compilation {
  readonly sources: RouteSources;
  readonly messages: MessageCodecs;
  readonly trie: Trie<Binding>;
}

function compileMethod(method: DescMethod, compilation: Compilation): Binding[] {
  const rules = routeRulesOf(method);
  if (rules.length === 0) return [];
  const access = requireAccess(method, compilation.sources);
  if (!isServed(method)) throw new BindingError('a method that streams requests has no REST form');
  return compileAll(rules.map((rule) => () => compileRule(method, rule, { ...compilation, access })));
}

function isServed(method: DescMethod): method is DescMethodUnary | DescMethodServerStreaming {
  return method.methodKind === 'unary' || method.methodKind === 'server_streaming';
}

function compileRule(
  method: DescMethodUnary | DescMethodServerStreaming,
  rule: RouteRule,
  compilation: Compilation & { access: AccessRule },
): Binding {
  const { sources, messages, trie, access } = compilation;
  const template = toTemplate(rule.path);
  const binding = compileBinding({ method, rule, template, access, rest: sources.restOptionsOf(method), messages });
  const other = trie.insert(template, rule.httpMethod, binding);
  if (other !== undefined) {
    const route = `${rule.httpMethod} ${rule.path}`;
    const place = placeOf(other.method, sources.sourceOf);
    throw new BindingError(`${route} is already the route ${other.route} of ${place}`);
  }
  return binding;
}

function toTemplate(path: string): PathTemplate {
  try {
    return parseTemplate(path);
  } catch (error) {
    throw error instanceof TemplateError ? new BindingError(error.message) : error;
  }
}

function requireAccess(method: DescMethod, sources: RouteSources): AccessRule {
  const rule = sources.accessRuleOf(method);
  if (rule === undefined) throw new BindingError('a method needs (mawid.options.v1.access)');
  if (!isRoutable(rule)) throw new BindingError('a method for services only must not have an http rule');
  return rule;
}
