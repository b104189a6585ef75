import { ErrorInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { createDeviceToken } from '../src/crypto/device-token.ts';
import { errorOf, type IdentityFixture, refusalOf } from './identity-fixture.ts';

/** Whoever asks for a code; what is not said is new each time, so that no budget but the one under test has a say. */
export interface Asker {
  phone?: string;
  address?: string;
  device?: string;
  channel?: number;
  solution?: string;
  email?: string;
}

let people = 0;

/** An address that nobody has used. */
export function newAddress(): string {
  const number = ++people;
  return `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`;
}

/** A Saudi mobile in a prefix of its own. */
export function lonelyPhone(): string {
  return `+9665${String(++people).padStart(4, '0')}0000`;
}

/** Asks for a code as somebody whom nothing connects with anybody else, but for what is given. */
export function ask(identity: IdentityFixture, asker: Asker = {}) {
  const { phone = lonelyPhone(), address = newAddress(), device, channel = 0, solution = '', email } = asker;
  const headers = new Headers({ 'x-client-address': address });
  if (device) headers.set('x-device-id', device);
  const request = { phoneNumber: phone, channel, challengeSolution: solution, ...(email ? { email } : {}) };
  return identity.auth.requestPhoneCode(request, { headers });
}

/** 'sent', or why not. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([call]);
  return result.status === 'fulfilled' ? 'sent' : refusalOf(call);
}

/** Asks so many times, one after the other, and says how each ended. */
export async function flood(times: number, attempt: (index: number) => Promise<unknown>): Promise<string[]> {
  const outcomes: string[] = [];
  for (let index = 0; index < times; index++) outcomes.push(await outcomeOf(attempt(index)));
  return outcomes;
}

/** How many of each outcome there are. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(outcomes)].map((each) => [each, outcomes.filter((it) => it === each).length]));
}

/** A signed device on which the phone's user has signed in. */
export async function knownDevice(identity: IdentityFixture, phone: string): Promise<string> {
  const device = createDeviceToken(identity.ctx.config.deviceSecret);
  const { requestId } = await ask(identity, { phone, device });
  const code = await identity.codeOf(requestId);
  await identity.auth.verifyPhoneCode({ requestId, code }, { headers: { 'x-device-id': device } });
  identity.clock.advance(60_000);
  return device;
}

/** The puzzle that came with a refusal. */
export async function puzzleOf(call: Promise<unknown>): Promise<string> {
  const info = (await errorOf(call)).findDetails(ErrorInfoSchema)[0];
  return info?.metadata.puzzle ?? '';
}

/** Solves a puzzle as the widget does: base64 of JSON. */
export async function solve(puzzle: string): Promise<string> {
  const challenge = JSON.parse(puzzle) as Parameters<typeof solveChallenge>[0]['challenge'];
  const solution = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
