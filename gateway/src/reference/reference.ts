import { buildDocument, type DocumentSources } from '../openapi/document.ts';
import { toJsonText, toYamlText } from '../openapi/document-text.ts';
import type { OpenApiDocument, Part } from '../openapi/types.ts';
import { createDocsPages } from './docs-page.ts';
import { createErrorPages, type RefusingRoute } from './error-pages.ts';
import { type ServedText, serveText } from './served-text.ts';

/** The API's own description: `/openapi.json`, `/openapi.yaml`, `/docs` and `/docs/errors`. */
export interface Reference {
  find(path: string): ServedText | undefined;
}

const errorPage = '/docs/errors/';

/** Nothing is built before it is asked for: a gateway that starts has requests to answer. */
export function createReference(sources: DocumentSources): Reference {
  let built: OpenApiDocument | undefined;
  const document = (): OpenApiDocument => {
    built ??= buildDocument(sources);
    return built;
  };
  const errors = createErrorPages(() => refusingRoutes(document()));
  const pages = new Map([
    ...createDocsPages(sources.publicUrl),
    ['/openapi.json', serveText(() => toJsonText(document()), { contentType: 'application/json', maxAge: 0 })],
    ['/openapi.yaml', serveText(() => toYamlText(document()), { contentType: 'application/yaml', maxAge: 0 })],
    ['/docs/errors', errors.index],
  ] as const);
  return {
    find: (path) =>
      pages.get(path) ?? (path.startsWith(errorPage) ? errors.find(path.slice(errorPage.length)) : undefined),
  };
}

function refusingRoutes({ paths, components }: OpenApiDocument): RefusingRoute[] {
  const shared = (components.responses ?? {}) as Readonly<Record<string, Part>>;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const responses = Object.values(operation.responses as Readonly<Record<string, Part>>);
      const codes = responses.flatMap((each) => codesOf(each.$ref === undefined ? each : (shared[nameOf(each)] ?? {})));
      const { operationId, tags } = operation;
      return { route: `${method.toUpperCase()} ${path}`, operationId, tag: tags[0] ?? '', codes: new Set(codes) };
    }),
  );
}

function nameOf({ $ref }: Part): string {
  return String($ref).slice('#/components/responses/'.length);
}

function codesOf(response: Part): readonly string[] {
  return (response['x-mawid-codes'] ?? []) as readonly string[];
}
