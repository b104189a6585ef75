import { describe, expect, it } from '@jest/globals';
import { parseTemplate, TemplateError, type TemplateSegment } from './template.ts';

function show(segments: readonly TemplateSegment[]): string {
  return segments.map((segment) => (typeof segment === 'string' ? segment : segment.literal)).join('/');
}

const good: [string, string, string, string][] = [
  ['/api/salons', 'api/salons', '', ''],
  ['/api/salons/', 'api/salons', '', ''],
  ['/.well-known/x', '.well-known/x', '', ''],
  ['/api/salons/{salon_id}', 'api/salons/*', 'salon_id 2-3', ''],
  ['/api/{a}/x/{b.c_d.e}', 'api/*/x/*', 'a 1-2, b.c_d.e 3-4', ''],
  ['/api/{name=shelves/*}', 'api/shelves/*', 'name 1-3 multi', ''],
  ['/api/{name=**}', 'api/**', 'name 1-end multi', ''],
  ['/api/{name=a/*/**}:do-it', 'api/a/*/**', 'name 1-end multi', 'do-it'],
  ['/api/*/x/**', 'api/*/x/**', '', ''],
  ['/a%20b/c', 'a b/c', '', ''],
  ['/api/books:archive', 'api/books', '', 'archive'],
];

const bad = [
  '',
  'api',
  '//',
  '/',
  '/a//b',
  '/a/{',
  '/a/{}',
  '/a/{b',
  '/a/{b=}',
  '/a/{b.}',
  '/a/{1b}',
  '/a/{b={c}}',
  '/a/{b=*/}',
  '/a/**/b',
  '/a/{b=**}/c',
  '/a:',
  '/a:b/c',
  '/a/b c',
  '/a/***',
  '/a/*b',
  '/a?b',
  '/a/%zz',
];

describe('parseTemplate', () => {
  it.each(good)('parses %s', (text, segments, captures, verb) => {
    const template = parseTemplate(text);
    expect(show(template.segments)).toBe(segments);
    expect(template.verb).toBe(verb);
    const shown = template.captures.map(
      (each) => `${each.fieldPath.join('.')} ${each.start}-${each.end ?? 'end'}${each.multiSegment ? ' multi' : ''}`,
    );
    expect(shown.join(', ')).toBe(captures);
  });

  it.each(bad)('refuses "%s"', (text) => {
    expect(() => parseTemplate(text)).toThrow(TemplateError);
  });
});
