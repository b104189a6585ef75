import { describe, expect, it } from '@jest/globals';
import { buildDocument } from '../src/openapi/document.ts';
import type { OpenApiDocument, Part } from '../src/openapi/types.ts';
import { librarySources } from './support/library.ts';
import { streamApi } from './support/streams.ts';

const library = buildDocument(librarySources);
const streams = buildDocument(streamApi.sources);

function operationOf(document: OpenApiDocument, name: string): Part {
  const [method = '', path = ''] = name.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`there is no ${name}; there are ${Object.keys(document.paths)}`);
  return operation;
}

function parametersOf(operation: Part): string[] {
  return (operation.parameters as Part[]).map(({ in: place, name, $ref }) => `${place ?? 'ref'} ${name ?? $ref}`);
}

describe('routes that our contract does not have yet', () => {
  it('are named by the first of the routes that differ only in the names of their places', () => {
    const paths = Object.keys(library.paths).filter((path) => path.startsWith('/api/books/{') && !path.endsWith('}'));
    const shapes = Object.keys(library.paths).map((path) => path.replace(/\{[^}]+\}/g, '{}'));
    expect(paths.length).toBeGreaterThan(0);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('leave out methods that OpenAPI has no place for', () => {
    const methods = Object.values(library.paths).flatMap((item) => Object.keys(item));
    expect(methods.filter((method) => !/^(get|put|post|delete|patch|head|options|trace)$/.test(method))).toEqual([]);
  });

  it('put nested filters into the query by dots, and end at types that hold themselves', () => {
    const names = parametersOf(operationOf(library, 'GET /api/books'));
    expect(names).toEqual(
      expect.arrayContaining(['query page_size', 'query filter.colour', 'query filter.not.colour']),
    );
    expect(names.every((name) => name.split('.').length <= 8)).toBe(true);
  });

  it('tell that a stream is one of server-sent events, and where it goes on', () => {
    const watch = operationOf(streams, 'GET /s/watch');
    expect(parametersOf(watch)).toContain('ref #/components/parameters/LastEventId');
    const { 200: answer, 406: refused } = watch.responses as Record<string, Part>;
    const content = (answer?.content ?? {}) as Record<string, Part>;
    const { schema, example } = content['text/event-stream'] ?? {};
    expect(schema).toMatchObject({ type: 'string', contentSchema: { $ref: '#/components/schemas/Notice' } });
    expect(example).toMatch(/^id: 42\ndata: \{.*\}\n\n$/);
    expect(refused).toEqual({ $ref: '#/components/responses/NotAcceptable' });
  });

  it('answer downloads as bytes of any type', () => {
    const { 200: answer } = operationOf(streams, 'GET /s/download').responses as Record<string, Part>;
    expect(answer?.content).toMatchObject({ '*/*': { schema: { type: 'string', format: 'binary' } } });
  });

  it('need a token where their rule says so', () => {
    expect(operationOf(streams, 'GET /s/own').security).toEqual([{ accessToken: [] }]);
    expect(streams.components.securitySchemes).toHaveProperty('accessToken');
  });
});
