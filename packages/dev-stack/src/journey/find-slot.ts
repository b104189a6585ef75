import { type Answer, assertStatus, type Customer } from './customer.ts';

/** A text in both languages, as REST answers it. */
export interface BothLanguages {
  readonly ar: string;
  readonly en: string;
}

/** Money, as REST answers it. */
export interface RestMoney {
  readonly amount: number;
  readonly currency: string;
}

/** The parts of a salon that the journeys read. */
export interface RestSalon {
  readonly id: string;
  readonly name: BothLanguages;
  readonly city: BothLanguages;
  readonly payment_policy: 'at_salon' | 'in_advance';
}

/** The parts of a service that the journeys read. */
export interface RestService {
  readonly id: string;
  readonly name: BothLanguages;
  readonly price: RestMoney;
}

/** The parts of a slot that the journeys read. */
export interface RestSlot {
  readonly start_at: string;
  readonly end_at: string;
  readonly staff_ids: readonly string[];
}

/** The parts of a booking that the journeys read. */
export interface RestBooking {
  readonly id: string;
  readonly state: string;
  readonly start_at: string;
  readonly total: RestMoney;
  readonly amount_due: RestMoney;
  readonly amount_paid: RestMoney;
  readonly etag: string;
  readonly cancellation?: { readonly refund: RestMoney };
}

/** The parts of a payment that the journeys read. */
export interface RestPayment {
  readonly id: string;
  readonly state: string;
  readonly payment_url: string;
  readonly amount: RestMoney;
  readonly refunded: RestMoney;
}

/** Finds the published salon with that payment policy. */
export async function findSalon(customer: Customer, policy: RestSalon['payment_policy']): Promise<Answer<RestSalon>> {
  const answer = assertStatus(await customer.call<{ salons: RestSalon[] }>('/api/salons'), 200);
  const salon = answer.body.salons.find((it) => it.payment_policy === policy);
  if (salon === undefined) throw new Error(`no published salon is paid ${policy}`);
  return { ...answer, body: salon };
}

/** The first service of a salon. */
export async function findService(customer: Customer, salonId: string): Promise<Answer<RestService>> {
  const answer = await customer.call<{ services: RestService[] }>(`/api/salons/${salonId}/services`);
  const [service] = assertStatus(answer, 200).body.services;
  if (service === undefined) throw new Error(`salon ${salonId} has no service`);
  return { ...answer, body: service };
}

/** The free times of a service in the day that begins `daysAhead` days from now. */
export async function listSlots(
  customer: Customer,
  choice: { salonId: string; serviceId: string; daysAhead: number },
): Promise<Answer<{ slots: RestSlot[] }>> {
  const day = 86_400_000;
  const from = Date.now() + choice.daysAhead * day;
  const query = new URLSearchParams({
    service_ids: choice.serviceId,
    from: new Date(from).toISOString(),
    to: new Date(from + day).toISOString(),
  });
  return assertStatus(await customer.call(`/api/salons/${choice.salonId}/slots?${query}`), 200);
}
