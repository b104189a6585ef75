import { describe, expect, it } from '@jest/globals';
import { joinSegments, parseRequestPath } from './request-path.ts';
import { parseTemplate } from './template.ts';
import { createTrie } from './trie.ts';

const trie = createTrie<string>();
for (const route of [
  'GET /books',
  'POST /books',
  'GET /books/newest',
  'GET /books/{id}',
  'DELETE /books/{id}',
  'POST /books/{id}:archive',
  'POST /books:archive',
  'GET /books/{id}/pages/{page}',
  'GET /books/newest/pages/last',
  'GET /files/**',
  'GET /files/{a}/info',
  'GET /files/**:info',
  'GET /a/{x}/c',
  'GET /a/b/d',
  '* /any/{id}',
  'PUT /any/{id}',
  'GET /any/known',
  '* /any/{id}:verb',
]) {
  const [method = '', path = ''] = route.split(' ');
  trie.insert(parseTemplate(path), method, route);
}

function find(request: string): string {
  const [method = '', path = ''] = request.split(' ');
  const parsed = parseRequestPath(path);
  if (parsed === undefined) return 'bad path';
  const match = trie.find(parsed, method);
  return match.kind === 'route' ? match.route : match.kind === 'methods' ? match.methods.toSorted().join() : 'none';
}

describe('the route trie', () => {
  it.each([
    ['GET /books', 'GET /books'],
    ['GET /books/', 'GET /books'],
    ['GET /books//', 'bad path'],
    ['GET //books', 'bad path'],
    ['GET /books/newest', 'GET /books/newest'],
    ['GET /books/new%65st', 'GET /books/newest'],
    ['GET /books/7', 'GET /books/{id}'],
    ['GET /books/a%2Fb', 'GET /books/{id}'],
    ['DELETE /books/newest', 'DELETE /books/{id}'],
    ['PUT /books/7', 'DELETE,GET'],
    ['PUT /books/newest', 'DELETE,GET'],
    ['POST /books/7:archive', 'POST /books/{id}:archive'],
    ['POST /books/7:archive/', 'POST /books/{id}:archive'],
    ['POST /books:archive', 'POST /books:archive'],
    ['GET /books/7:archive', 'GET /books/{id}'],
    ['GET /books/7:other', 'GET /books/{id}'],
    ['POST /books/7%3Aarchive', 'DELETE,GET'],
    ['GET /books/newest/pages/last', 'GET /books/newest/pages/last'],
    ['GET /books/newest/pages/2', 'GET /books/{id}/pages/{page}'],
    ['GET /files', 'GET /files/**'],
    ['GET /files/a/b/c', 'GET /files/**'],
    ['GET /files/a/info', 'GET /files/{a}/info'],
    ['GET /files/a/b:info', 'GET /files/**:info'],
    ['GET /a/b/c', 'GET /a/{x}/c'],
    ['GET /a/b/d', 'GET /a/b/d'],
    ['GET /a/b/e', 'none'],
    ['GET /any/7', '* /any/{id}'],
    ['PURGE /any/7', '* /any/{id}'],
    ['PUT /any/7', 'PUT /any/{id}'],
    ['GET /any/known', 'GET /any/known'],
    ['POST /any/known', '* /any/{id}'],
    ['POST /any/7:verb', '* /any/{id}:verb'],
    ['OPTIONS /any/7', '*,PUT'],
    ['GET /', 'bad path'],
    ['GET /books/..%2Fx', 'bad path'],
    ['GET /books/a%5c..', 'bad path'],
    ['GET /books/a..b', 'GET /books/{id}'],
    ['GET /files/..:info', 'GET /files/**'],
    ['GET /files/../x', 'bad path'],
    ['GET /files/%2e%2E/x', 'bad path'],
    ['GET /files/%', 'bad path'],
    ['GET /files/%ff', 'bad path'],
  ])('%s leads to %s', (request, expected) => {
    expect(find(request)).toBe(expected);
  });

  it('gives the route that is in the way of a second one of the same shape', () => {
    expect(trie.insert(parseTemplate('/books/{other}'), 'GET', 'x')).toBe('GET /books/{id}');
    expect(find('GET /books/7')).toBe('GET /books/{id}');
  });

  it('keeps encoded slashes encoded in captures over several segments', () => {
    const path = parseRequestPath('/files/a%20b/c%2fd/%25');
    expect(path && joinSegments(path, 1, undefined)).toBe('a b/c%2fd/%');
  });
});
