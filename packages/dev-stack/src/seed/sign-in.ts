import { setTimeout as sleep } from 'node:timers/promises';
import { createRestClient, type RestClient } from './rest-client.ts';

/** Where a person signs in, and where the messages to their phone arrive. */
export interface SignInPlaces {
  gateway: string;
  messages: string;
}

interface InboxMessage {
  code?: string;
  sent_at: string;
}

/** Signs in by phone, reading the code from the stand-in phone's inbox, as a person would; returns their REST client. */
export async function signIn(places: SignInPlaces, phoneNumber: string): Promise<RestClient> {
  const anonymous = createRestClient(places.gateway);
  const known = (await readInbox(places, phoneNumber)).length;
  const request = await anonymous.call<{ request_id: string }>('POST', '/api/auth/phone/request', {
    phone_number: phoneNumber,
  });
  const code = await waitForCode(places, phoneNumber, known);
  const tokens = await anonymous.call<{ access: string }>('POST', '/api/auth/phone/verify', {
    request_id: request.request_id,
    code,
  });
  return createRestClient(places.gateway, tokens.access);
}

async function waitForCode(places: SignInPlaces, phoneNumber: string, known: number): Promise<string> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const messages = await readInbox(places, phoneNumber);
    const fresh = messages.slice(0, messages.length - known);
    const code = fresh.find((message) => message.code)?.code;
    if (code) return code;
    await sleep(50);
  }
  throw new Error(`no code arrived on ${phoneNumber} within 20 s`);
}

function readInbox(places: SignInPlaces, phoneNumber: string): Promise<InboxMessage[]> {
  const path = `/phones/${encodeURIComponent(phoneNumber)}/messages`;
  return createRestClient(places.messages).call<InboxMessage[]>('GET', path);
}
