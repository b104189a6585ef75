import type { Caller } from '@mawid/service-kit';

/** The device that a call names; nobody vouches for it. */
export function deviceOf(caller: Caller): string | undefined {
  return caller.deviceId?.slice(0, 128) || undefined;
}
