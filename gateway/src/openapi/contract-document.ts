import { accessRuleOf, registry, restOptionsOf, services, sourceOf } from '@mawid/contracts';
import { compileRoutes } from '../rest/routes.ts';
import { buildDocument } from './document.ts';
import type { OpenApiDocument } from './types.ts';

/**
 * The OpenAPI document of Mawid's contract, for commands. Throws a RouteError with every mistake of the annotations, each with its file and line, as the
 * gateway does when it starts: a document that is made of wrong routes would look right.
 */
export function buildContractDocument(publicUrl?: string): OpenApiDocument {
  compileRoutes({ services, registry, accessRuleOf, restOptionsOf, sourceOf });
  return buildDocument({ services, accessRuleOf, restOptionsOf, publicUrl });
}
