import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { fromWireStatus, toWireStatus } from './wire-status.ts';

describe('wire status', () => {
  it('leaves out the details that trailers cannot carry, and keeps the others', () => {
    const error = new ConnectError('wrong', Code.InvalidArgument);
    const detail = (type: string, bytes: number) => ({ type, value: new Uint8Array(bytes) });
    error.details = [detail('a.First', 100), detail('a.Huge', 100_000), detail('a.Last', 100)];
    const received = fromWireStatus(toWireStatus(error, undefined), undefined);
    expect(received.code).toBe(Code.InvalidArgument);
    expect(received.details.map((each) => 'type' in each && each.type)).toEqual(['a.First', 'a.Last']);
  });
});
