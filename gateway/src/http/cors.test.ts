import { describe, expect, it } from '@jest/globals';
import { responseHeaders } from '../openapi/headers.ts';
import { createCors } from './cors.ts';

const origin = 'https://app.mawid.sa';
const fromCors = ['Access-Control-Allow-Origin'];

describe('the headers that browsers show to other origins', () => {
  it('are all that the OpenAPI document tells of', () => {
    const exposed = createCors([origin]).headersFor(origin)['access-control-expose-headers']?.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(Object.keys(responseHeaders).filter((name) => !fromCors.includes(name))),
    );
  });
});
