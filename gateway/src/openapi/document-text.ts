import { stringify } from 'yaml';
import type { OpenApiDocument } from './types.ts';

/** Readable JSON. */
export function toJsonText(document: OpenApiDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The same as YAML 1.2, without anchors: not every reader follows them. */
export function toYamlText(document: OpenApiDocument): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}
