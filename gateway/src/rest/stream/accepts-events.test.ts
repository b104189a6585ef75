import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../problem/refusal.ts';
import { assertAcceptsEvents } from './accepts-events.ts';

describe('assertAcceptsEvents', () => {
  it.each([
    undefined,
    'text/event-stream',
    'TEXT/Event-Stream ; charset=utf-8',
    'application/json, text/*;q=0.1',
    '*/*',
    '*/*;q=0.001',
    'text/event-stream, text/*;q=0, */*;q=0',
    '*/*;q=0, text/*',
    'text/event-stream;q=0, text/event-stream;charset=utf-8',
  ])('takes %s', (accept) => {
    expect(() => assertAcceptsEvents(accept)).not.toThrow();
  });

  it.each([
    'application/json',
    'text/html,application/xhtml+xml',
    'text/event-stream;q=0',
    'text/event-stream; q=0.000',
    'text/event-stream;q=0, */*',
    '*/*, text/event-stream;q=0',
    'text/*;q=0, */*;q=0.9',
    'text/event-streams',
    '*',
    'nonsense',
  ])('refuses %s', (accept) => {
    expect(() => assertAcceptsEvents(accept)).toThrow(Refusal);
  });
});
