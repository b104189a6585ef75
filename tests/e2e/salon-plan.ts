import { expect } from '@jest/globals';
import { errorReasons } from '@mawid/contracts';
import type { Person } from './people.ts';
import type { Reply, RequestParts } from './rest-call.ts';

/** A salon as a test needs it; what is not said is as plain as can be. */
export interface RestSalonPlan {
  readonly salon?: Record<string, unknown>;
  readonly rules?: Record<string, unknown>;
  /** Each with its own fields; `needs` are places in `resources`, one of each list. */
  readonly services?: readonly { readonly needs?: readonly number[][]; readonly [field: string]: unknown }[];
  readonly staff?: number;
  readonly resources?: number;
}

export interface OpenSalon {
  readonly id: string;
  readonly serviceIds: readonly string[];
  readonly staffIds: readonly string[];
  readonly resourceIds: readonly string[];
}

export const bothNames = { ar: 'صالون التجربة', en: 'Trial Salon' };
export const weekDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** Day and night, so that no test depends on when it is run. */
export const always = weekDays.map((day) => ({ day, opens: '00:00', closes: '24:00' }));

/** Opens a salon through REST as its manager: open day and night, half an hour for 100 riyals, paid there. */
export async function openSalon(manager: Person, plan: RestSalonPlan = {}): Promise<OpenSalon> {
  const make = async (line: string, body: object): Promise<string> => (await send(manager, line, body)).id;
  const id = await make('POST /api/salons', {
    ...{ name: bothNames, city: { ar: 'الرياض', en: 'Riyadh' }, audience: 'everyone', payment_policy: 'at_salon' },
    ...{ booking_rules: { slot_step_minutes: 15, max_advance_days: 365, ...plan.rules } },
    ...plan.salon,
  });
  await send(manager, `PUT /api/salons/${id}/hours`, { weekly: always });
  const resourceIds: string[] = [];
  for (let n = 0; n < (plan.resources ?? 0); n += 1) {
    resourceIds.push(await make(`POST /api/salons/${id}/resources`, { name: bothNames, kind: 'room' }));
  }
  const serviceIds: string[] = [];
  for (const { needs = [], ...service } of plan.services ?? [{}]) {
    const resource_needs = needs.map((places) => ({ resource_ids: places.map((place) => resourceIds[place]) }));
    const price = { amount: 10_000, currency: 'SAR' };
    const body = { name: bothNames, duration_minutes: 30, price, resource_needs, ...service };
    serviceIds.push(await make(`POST /api/salons/${id}/services`, body));
  }
  const staffIds: string[] = [];
  for (let n = 0; n < (plan.staff ?? 1); n += 1) {
    staffIds.push(await make(`POST /api/salons/${id}/staff`, { name: bothNames, service_ids: serviceIds }));
    await send(manager, `PUT /api/staff/${staffIds[n]}/availability`, { weekly: always });
  }
  await send(manager, `POST /api/salons/${id}/publish`, {});
  return { id, serviceIds, staffIds, resourceIds };
}

/** The answer's body; throws when it is a refusal. */
export async function send(
  who: Pick<Person, 'call'>,
  line: string,
  body?: unknown,
  parts: RequestParts = {},
): Promise<Reply['body']> {
  const answer = await who.call(line, { ...parts, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${line} was answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** Expects the refusal twice: in English and in Arabic, in the words that its reason has in the proto. */
export async function expectRefusal(
  who: Pick<Person, 'call'>,
  line: string,
  { body, headers, is }: RequestParts & { readonly is: readonly [number, string] },
): Promise<void> {
  for (const language of ['en', 'ar'] as const) {
    const sent = body === undefined ? {} : { body };
    const answer = await who.call(line, { ...sent, headers: { ...headers, 'accept-language': language } });
    expect([line, answer.status, answer.body.code]).toEqual([line, ...is]);
    const text = errorReasons().get(is[1])?.[language] ?? 'no such reason';
    const { metadata } = answer.body;
    expect(answer.body.detail).toBe(text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(metadata[name])));
    expect(answer.headers.get('content-language')).toBe(language);
  }
}

/** A moment so many minutes after the next full hour, so that it is on every grid. */
export function inHours(hours: number, minutes = 0): string {
  const hour = 3_600_000;
  const at = (Math.ceil(Date.now() / hour) + hours) * hour + minutes * 60_000;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** A booking of the salon's first service. */
export function wishAt(salon: OpenSalon, start_at: string, item: object = {}) {
  return { salon_id: salon.id, items: [{ service_id: salon.serviceIds[0], ...item }], start_at };
}
