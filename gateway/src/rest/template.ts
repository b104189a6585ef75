/** One segment of a path template: a literal, `*` (exactly one segment) or `**` (any number, only last). */
export type TemplateSegment = { readonly literal: string } | '*' | '**';

/** A variable of a template and the segments it takes. */
export interface Capture {
  readonly fieldPath: readonly string[];
  /** Index of its first segment. */
  readonly start: number;
  /** Index after its last segment; undefined where it ends in `**` and takes all that is left. */
  readonly end: number | undefined;
  /** Whether it may hold slashes. Then an encoded slash stays encoded in it, so that the two can be told apart. */
  readonly multiSegment: boolean;
}

/** A compiled path template of google.api.http. */
export interface PathTemplate {
  readonly segments: readonly TemplateSegment[];
  readonly captures: readonly Capture[];
  /** The custom verb after the last colon; empty without one. */
  readonly verb: string;
}

/** A template that does not follow the grammar of google/api/http.proto. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

interface Scanner {
  readonly text: string;
  position: number;
  readonly segments: TemplateSegment[];
  readonly captures: Capture[];
}

const literal = /(?:[A-Za-z0-9\-._~!$&'()+,;@]|%[0-9A-Fa-f]{2})+/y;
const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Parses `/api/salons/{salon_id}/services:verb`. A trailing slash is accepted, as in requests.
 * Throws {@link TemplateError} that says what was expected and at which character.
 */
export function parseTemplate(text: string): PathTemplate {
  const scanner: Scanner = { text, position: 0, segments: [], captures: [] };
  expect(scanner, '/');
  parseSegments(scanner, false);
  const verb = take(scanner, ':') ? match(scanner, literal, 'a verb') : '';
  if (scanner.segments.length > 0) take(scanner, '/');
  if (scanner.position !== text.length) throw unexpected(scanner, 'the end');
  checkDeepWildcard(scanner);
  return { segments: scanner.segments, captures: scanner.captures, verb: decodeURIComponent(verb) };
}

function parseSegments(scanner: Scanner, insideVariable: boolean): void {
  do {
    parseSegment(scanner, insideVariable);
    // A trailing slash ends the template.
    if (scanner.text[scanner.position] === '/' && scanner.position + 1 === scanner.text.length) return;
  } while (take(scanner, '/'));
}

function parseSegment(scanner: Scanner, insideVariable: boolean): void {
  if (take(scanner, '**')) scanner.segments.push('**');
  else if (take(scanner, '*')) scanner.segments.push('*');
  else if (scanner.text[scanner.position] === '{' && !insideVariable) parseVariable(scanner);
  else scanner.segments.push({ literal: decodeURIComponent(match(scanner, literal, 'a segment')) });
}

function parseVariable(scanner: Scanner): void {
  expect(scanner, '{');
  const fieldPath = [match(scanner, identifier, 'a field name')];
  while (take(scanner, '.')) fieldPath.push(match(scanner, identifier, 'a field name'));
  const start = scanner.segments.length;
  if (take(scanner, '=')) parseSegments(scanner, true);
  else scanner.segments.push('*');
  expect(scanner, '}');
  const end = scanner.segments.at(-1) === '**' ? undefined : scanner.segments.length;
  scanner.captures.push({ fieldPath, start, end, multiSegment: end === undefined || end - start > 1 });
}

function checkDeepWildcard(scanner: Scanner): void {
  const index = scanner.segments.indexOf('**');
  if (index >= 0 && index !== scanner.segments.length - 1) {
    throw new TemplateError(`"**" must be the last segment of "${scanner.text}"`);
  }
}

function take(scanner: Scanner, token: string): boolean {
  if (!scanner.text.startsWith(token, scanner.position)) return false;
  scanner.position += token.length;
  return true;
}

function expect(scanner: Scanner, token: string): void {
  if (!take(scanner, token)) throw unexpected(scanner, `"${token}"`);
}

function match(scanner: Scanner, pattern: RegExp, what: string): string {
  pattern.lastIndex = scanner.position;
  const found = pattern.exec(scanner.text)?.[0];
  if (found === undefined) throw unexpected(scanner, what);
  scanner.position += found.length;
  return found;
}

function unexpected(scanner: Scanner, wanted: string): TemplateError {
  return new TemplateError(`expected ${wanted} at character ${scanner.position + 1} of "${scanner.text}"`);
}
