import { describe, expect, it } from '@jest/globals';
import { answersBeforeStatus } from './answers-before-status.ts';
import { releaseEndedCalls } from './release-ended-calls.ts';

describe('what we lean on inside of grpc-js', () => {
  it('is there in the installed release, so that an upgrade that moves it does not pass unseen', () => {
    expect(Object.keys(answersBeforeStatus())).toHaveLength(1);
    expect(releaseEndedCalls()).toBe(true);
  });
});
