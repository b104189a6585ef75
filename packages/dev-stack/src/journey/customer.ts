import { setTimeout as sleep } from 'node:timers/promises';

/** An answer of the gateway, whatever its status. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  /** The trace that this request started. */
  readonly traceId: string;
}

/** A message on a phone of the stand-in. */
export interface PhoneMessage {
  readonly id: string;
  readonly channel: string;
  readonly body: string;
  readonly sent_at: string;
  readonly code?: string;
}

/** A call's HTTP part besides its path. */
export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Where a customer's telephone reaches the system. */
export interface Places {
  readonly gateway: string;
  readonly messages: string;
}

/** A person with a telephone: calls REST in their language and reads the messages that arrive. */
export interface Customer {
  readonly phoneNumber: string;
  /** Calls the gateway, signed in when the customer is. Never rejects for a status. */
  call<T = Record<string, unknown>>(path: string, options?: CallOptions): Promise<Answer<T>>;
  /** Signs in with a code read from the phone. */
  signIn(): Promise<Answer<SignedIn>>;
  /** Every message on the phone, newest first. */
  messages(): Promise<PhoneMessage[]>;
  /** Waits for a message that fits; rejects after the time, saying what did arrive. */
  waitForMessage(fits: (message: PhoneMessage) => boolean, timeoutMs?: number): Promise<PhoneMessage>;
}

/** What a sign-in answers. */
export interface SignedIn {
  readonly access: string;
  readonly refresh: string;
  readonly expires_in: number;
  readonly user: { readonly id: string; readonly phone_number: string; readonly role: string };
}

/** A customer with that telephone number who reads Arabic or English. */
export function createCustomer(places: Places, phoneNumber: string, language: 'ar' | 'en' = 'ar'): Customer {
  let access: string | undefined;
  const customer: Customer = {
    phoneNumber,
    call: (path, options = {}) => callGateway(places.gateway, path, { language, access, ...options }),
    async signIn() {
      const known = new Set((await customer.messages()).map((message) => message.id));
      const body = { phone_number: phoneNumber, preferred_language: language };
      const request = await customer.call<{ request_id: string }>('/api/auth/phone/request/', { method: 'POST', body });
      assertStatus(request, 201);
      const message = await customer.waitForMessage((it) => it.code !== undefined && !known.has(it.id));
      const proof = { request_id: request.body.request_id, code: message.code };
      const answer = await customer.call<SignedIn>('/api/auth/phone/verify/', { method: 'POST', body: proof });
      access = assertStatus(answer, 200).body.access;
      return answer;
    },
    messages: () => readPhone(places.messages, phoneNumber),
    waitForMessage: (fits, timeoutMs = 20_000) =>
      waitFor(
        () => customer.messages(),
        (all) => all.find(fits),
        timeoutMs,
      ),
  };
  return customer;
}

/** The answer itself when it has the status; else an error that shows what came instead. */
export function assertStatus<T>(answer: Answer<T>, status: number): Answer<T> {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Asks again and again until `pick` finds what it looks for; rejects after the time with the last state seen. */
export async function waitFor<S, T>(
  read: () => Promise<S>,
  pick: (state: S) => T | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const state = await read();
    const found = pick(state);
    if (found !== undefined) return found;
    if (performance.now() > deadline)
      throw new Error(`not within ${timeoutMs} ms; last seen: ${JSON.stringify(state)}`);
    await sleep(25);
  }
}

interface GatewayCall extends CallOptions {
  readonly language: string;
  readonly access: string | undefined;
}

async function callGateway<T>(gateway: string, path: string, call: GatewayCall): Promise<Answer<T>> {
  const response = await fetch(new URL(path, gateway), {
    method: call.method ?? 'GET',
    headers: {
      'accept-language': call.language,
      ...(call.access === undefined ? {} : { authorization: `Bearer ${call.access}` }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const traceId = response.headers.get('traceresponse')?.split('-')[1] ?? '';
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as T, traceId };
}

async function readPhone(messages: string, phoneNumber: string): Promise<PhoneMessage[]> {
  const response = await fetch(new URL(`/phones/${encodeURIComponent(phoneNumber)}/messages`, messages));
  return (await response.json()) as PhoneMessage[];
}
