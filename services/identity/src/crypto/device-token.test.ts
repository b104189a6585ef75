import { describe, expect, it } from '@jest/globals';
import { createDeviceToken, parseDeviceToken } from './device-token.ts';

const secret = Buffer.alloc(32, 1);

describe('parseDeviceToken', () => {
  it('knows a name of ours by its signature', () => {
    const token = createDeviceToken(secret);
    expect(parseDeviceToken(token, secret)).toEqual({ id: token.slice(0, 26), isSigned: true });
    expect(createDeviceToken(secret)).not.toBe(token);
  });

  it('takes an id without the signature, or with a wrong one, for no device of ours', () => {
    const token = createDeviceToken(secret);
    const { id = '' } = parseDeviceToken(token, secret);
    for (const text of [id, `${id}.`, `${id}.${'A'.repeat(22)}`, createDeviceToken(Buffer.alloc(32, 2))]) {
      const device = parseDeviceToken(text, secret);
      expect(device).toEqual({ id: `~${text}`, isSigned: false });
      expect(device.id).not.toBe(id);
    }
  });

  it('keeps what a client calls itself, at most 128 characters', () => {
    expect(parseDeviceToken('phone-a', secret)).toEqual({ id: 'phone-a', isSigned: false });
    expect(parseDeviceToken('x'.repeat(200), secret).id).toHaveLength(128);
    expect(parseDeviceToken('', secret)).toEqual({ id: undefined, isSigned: false });
  });
});
