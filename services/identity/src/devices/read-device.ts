import type { Caller } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { type Device, parseDeviceToken } from '../crypto/device-token.ts';

/** The device that a call names. */
export function readDevice({ config }: Pick<Context, 'config'>, caller: Pick<Caller, 'deviceId'>): Device {
  return parseDeviceToken(caller.deviceId, config.deviceSecret);
}
