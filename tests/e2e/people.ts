import { createCustomer, type Stack, waitFor } from '@mawid/dev-stack';
import { callRest, type Reply, type RequestParts } from './rest-call.ts';
import { newPhone } from './test-stack.ts';

/** Somebody who is signed in, and keeps what a client keeps. */
export interface Person {
  readonly phoneNumber: string;
  readonly access: string;
  readonly refresh: string;
  /** The name that we gave the device. */
  readonly device: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of any shape.
  readonly user: any;
  /** Calls as this person, from this device. */
  call(line: string, parts?: RequestParts): Promise<Reply>;
}

export interface CodeOrder extends RequestParts {
  /** The phone that gets the code. */
  readonly phoneNumber: string;
  readonly line?: string;
}

/** Asks for a code, and reads it from the phone where it was sent; `code` is empty where the request was refused. */
export async function askForCode({ urls }: Stack, order: CodeOrder): Promise<Reply & { readonly code: string }> {
  const { phoneNumber, line = 'POST /api/auth/phone/request/', body = {}, ...parts } = order;
  const phone = createCustomer(urls, phoneNumber);
  const known = new Set((await phone.messages()).map(({ id }) => id));
  const reply = await callRest(urls.gateway, line, { ...parts, body: { phone_number: phoneNumber, ...Object(body) } });
  if (reply.status !== 201) return { ...reply, code: '' };
  const code = await waitFor(phone.messages, (all) => all.find((it) => !known.has(it.id) && it.code)?.code);
  return { ...reply, code };
}

/** Signs in by phone. */
export async function signIn(stack: Stack, phoneNumber = newPhone(), parts: RequestParts = {}): Promise<Person> {
  const { code, ...request } = await askForCode(stack, { ...parts, phoneNumber });
  const { gateway } = stack.urls;
  const body = { request_id: request.body.request_id, code };
  const reply = await callRest(gateway, 'POST /api/auth/phone/verify/', { ...parts, body });
  if (reply.status !== 200) throw new Error(`not signed in: ${request.text} ${reply.text}`);
  const { access, refresh, user } = reply.body;
  const device = reply.headers.get('x-device-id') ?? '';
  return {
    ...{ phoneNumber, access, refresh, device, user },
    call: (line, { headers, ...rest } = {}) =>
      callRest(gateway, line, { token: access, ...rest, headers: { 'x-device-id': device, ...headers } }),
  };
}

/** Six digits that are not the code. */
export function wrong(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
