import { createHmac, randomBytes } from 'node:crypto';
import { isSameHash } from './one-time-code.ts';

/** What a device id says. `isSigned`: we made it, so that nobody can claim to be a device by guessing its name. */
export interface Device {
  /** Undefined where the client named none. */
  id: string | undefined;
  isSigned: boolean;
}

const prefix = 'md1';

/** The name of a new device, 128 random bits, with our signature: `md1.<id>.<mac>`. */
export function createDeviceToken(secret: Buffer): string {
  const id = randomBytes(16).toString('base64url');
  return `${prefix}.${id}.${macOf(id, secret).toString('base64url')}`;
}

/** Reads what a client sends as its device id: ours, or a text of its own making. A signature that is wrong makes it a mere text. */
export function parseDeviceToken(text: string | undefined, secret: Buffer): Device {
  if (!text) return { id: undefined, isSigned: false };
  const [, id, mac] = /^md1\.([\w-]{22})\.([\w-]{22})$/.exec(text) ?? [];
  const isSigned =
    id !== undefined && mac !== undefined && isSameHash(Buffer.from(mac, 'base64url'), macOf(id, secret));
  if (isSigned) return { id: `${prefix}.${id}`, isSigned };
  // Whoever reads the id of a signed device somewhere must not be taken for it by sending that.
  const isImitation = text.startsWith(`${prefix}.`);
  return { id: `${isImitation ? '~' : ''}${text.slice(0, 128)}`, isSigned };
}

function macOf(id: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${prefix}.${id}`).digest().subarray(0, 16);
}
