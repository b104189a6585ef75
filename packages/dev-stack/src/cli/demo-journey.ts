import { assertStatus, type Customer, createCustomer, type PhoneMessage, waitFor } from '../journey/customer.ts';
import {
  findSalon,
  findService,
  listSlots,
  type RestBooking,
  type RestMoney,
  type RestPayment,
  type RestSalon,
  type RestSlot,
} from '../journey/find-slot.ts';
import { payOnPage } from '../journey/pay-on-page.ts';
import type { Stack } from '../stack/stack.ts';
import type { DemoReport } from './demo-report.ts';

/** What may go wrong on purpose. */
export interface JourneyOptions {
  readonly killNotify: boolean;
}

/** The main job, from a phone number to a refund. Rejects at the first thing that is not as it should be. */
export async function runJourney(stack: Stack, report: DemoReport, options: JourneyOptions): Promise<void> {
  const customer = createCustomer(stack.urls, '+966551234567', 'ar');
  await signIn(report, customer);
  const salon = await chooseSalon(report, customer);
  const { serviceId, slot } = await chooseTime(report, customer, salon);
  const booking = await book(report, customer, { salon, serviceId, slot });
  if (options.killNotify) await killNotify(stack, report);
  const payment = await pay(report, customer, booking);
  await confirm(report, customer, booking);
  if (options.killNotify) await restartNotify(stack, report);
  await receiveConfirmation(stack, report, customer);
  await cancel(report, customer, booking);
  await receiveRefund(stack, report, customer, payment);
}

function signIn(report: DemoReport, customer: Customer): Promise<void> {
  return report.step('Sign in by phone', async () => {
    const { body, traceId } = await customer.signIn();
    const [message] = await customer.messages();
    return {
      value: undefined,
      told: `${message?.body}\nsigned in as ${body.user.phone_number} (${body.user.role})`,
      traceId,
    };
  });
}

function chooseSalon(report: DemoReport, customer: Customer): Promise<RestSalon> {
  return report.step('Find a salon', async () => {
    const { body, traceId } = await findSalon(customer, 'in_advance');
    return { value: body, told: `${body.name.ar} (${body.name.en}), ${body.city.ar}`, traceId };
  });
}

function chooseTime(report: DemoReport, customer: Customer, salon: RestSalon) {
  return report.step('See free times', async () => {
    const service = (await findService(customer, salon.id)).body;
    const { body, traceId } = await listSlots(customer, { salonId: salon.id, serviceId: service.id, daysAhead: 3 });
    const slot = body.slots[Math.floor(body.slots.length / 2)];
    if (slot === undefined) throw new Error('the salon has no free time in three days');
    const told = `${body.slots.length} times for ${service.name.ar}, ${toRiyals(service.price)}; taking ${slot.start_at}`;
    return { value: { serviceId: service.id, slot }, told, traceId };
  });
}

interface Choice {
  readonly salon: RestSalon;
  readonly serviceId: string;
  readonly slot: RestSlot;
}

function book(report: DemoReport, customer: Customer, { salon, serviceId, slot }: Choice): Promise<RestBooking> {
  return report.step('Book', async () => {
    const body = { salon_id: salon.id, items: [{ service_id: serviceId }], start_at: slot.start_at };
    const headers = { 'idempotency-key': '"demo-booking"' };
    const answer = await customer.call<RestBooking>('/api/bookings', { method: 'POST', body, headers });
    const booking = assertStatus(answer, 201).body;
    return {
      value: booking,
      told: `${booking.state}, ${toRiyals(booking.amount_due)} to pay`,
      traceId: answer.traceId,
    };
  });
}

function pay(report: DemoReport, customer: Customer, booking: RestBooking): Promise<RestPayment> {
  return report.step('Pay on the hosted page', async () => {
    const body = { booking_id: booking.id, method: 'hosted_invoice' };
    const answer = await customer.call<RestPayment>('/api/payments', { method: 'POST', body });
    const payment = assertStatus(answer, 201).body;
    await payOnPage(payment.payment_url);
    return { value: payment, told: `paid at ${payment.payment_url}`, traceId: answer.traceId };
  });
}

function confirm(report: DemoReport, customer: Customer, booking: RestBooking): Promise<void> {
  return report.step('Booking confirmed by the webhook', async () => {
    const read = () => customer.call<RestBooking>(`/api/bookings/${booking.id}`);
    const answer = await waitFor(read, (it) => (it.body.state === 'confirmed' ? it : undefined));
    return {
      value: undefined,
      told: `${answer.body.state}, ${toRiyals(answer.body.amount_paid)} paid`,
      traceId: answer.traceId,
    };
  });
}

function receiveConfirmation(stack: Stack, report: DemoReport, customer: Customer): Promise<void> {
  return report.step('Confirmation on the phone', async () => {
    await customer.waitForMessage(isConfirmation);
    await stack.settled();
    const confirmations = (await customer.messages()).filter(isConfirmation);
    if (confirmations.length !== 1) throw new Error(`${confirmations.length} confirmations arrived instead of one`);
    return { value: undefined, told: `${confirmations[0]?.body}\n(once)` };
  });
}

function cancel(report: DemoReport, customer: Customer, booking: RestBooking): Promise<void> {
  return report.step('Cancel', async () => {
    const path = `/api/bookings/${booking.id}/cancel`;
    const answer = await customer.call<RestBooking>(path, { method: 'POST', body: { reason: 'ظرف طارئ' } });
    const { state, cancellation } = assertStatus(answer, 200).body;
    const told = `${state}, ${cancellation ? toRiyals(cancellation.refund) : 'nothing'} to be refunded`;
    return { value: undefined, told, traceId: answer.traceId };
  });
}

function receiveRefund(stack: Stack, report: DemoReport, customer: Customer, payment: RestPayment): Promise<void> {
  return report.step('Refund', async () => {
    const read = () => customer.call<RestPayment>(`/api/payments/${payment.id}`);
    const answer = await waitFor(read, (it) => (it.body.state === 'refunded' ? it : undefined));
    const message = await customer.waitForMessage((it) => it.body.includes('استرداد'));
    await stack.settled();
    return {
      value: undefined,
      told: `${toRiyals(answer.body.refunded)} refunded\n${message.body}`,
      traceId: answer.traceId,
    };
  });
}

async function killNotify(stack: Stack, report: DemoReport): Promise<void> {
  stack.services.notify.kill('SIGKILL');
  await stack.services.notify.exited;
  report.say('    (notify was killed with SIGKILL)');
}

async function restartNotify(stack: Stack, report: DemoReport): Promise<void> {
  await stack.services.notify.restart();
  report.say('    (notify runs again)');
}

function isConfirmation(message: PhoneMessage): boolean {
  return message.body.includes('تأكيد') && message.code === undefined;
}

function toRiyals(money: RestMoney): string {
  return `${(money.amount / 100).toFixed(2)} ${money.currency}`;
}
