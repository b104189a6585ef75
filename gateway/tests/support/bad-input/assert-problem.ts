import { expect } from '@jest/globals';
import type { RawReply } from './read-replies.ts';

/** Fails unless an answer of 4xx is a whole RFC 9457 problem with our members, in one of our languages. */
export function assertProblem({ status, head, body }: RawReply): void {
  expect(head).toMatch(/\r\ncontent-type: application\/problem\+json/i);
  expect(head).toMatch(/\r\ncontent-language: (?:ar|en)/i);
  expect(head).toMatch(/\r\nx-request-id: [\w.:-]+/i);
  const problem = JSON.parse(body.toString('utf8'));
  expect(problem).toMatchObject({
    status,
    type: expect.stringMatching(/^\/docs\/errors\/[A-Z_]+$/),
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
    code: expect.stringMatching(/^[A-Z_]+$/),
  });
  const texts = Object.values(problem.errors ?? {});
  expect(texts.filter((each) => !Array.isArray(each) || each.length === 0)).toEqual([]);
  expect(texts.flat().filter((each) => typeof each !== 'string' || each === '')).toEqual([]);
}
