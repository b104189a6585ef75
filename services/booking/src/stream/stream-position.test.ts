import { describe, expect, it } from '@jest/globals';
import { parseEventId, toEventId } from './stream-position.ts';

describe('the id of a calendar event', () => {
  it('names a place that can be read again', () => {
    const position = { createdAt: 1_763_800_000, sequence: 42 };
    expect(toEventId(position)).toBe('1763800000-42');
    expect(parseEventId('1763800000-42')).toEqual(position);
  });

  it.each(['42', '-42', '1763800000-', '1763800000-42-1', ' 1-1', '1-1\n', 'a-b', '1-1e3', `1-${'9'.repeat(16)}`])(
    'is not %j',
    (id) => {
      expect(parseEventId(id)).toBeUndefined();
    },
  );
});
