import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { type GrpcServer, startGrpcServer } from '@mawid/rpc';
import { createDatabase, type Database, insertEvents, startTelemetry } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { type MessagesStandin, startMessagesStandin } from '../../../packages/dev-stack/src/standins/messages/index.ts';
import { loadConfig } from '../src/config.ts';
import { bookingConfirmed, createBooking, createPerson, otpRequested, userVerified } from './support/facts.ts';
import { BookingState, createFakeBooking } from './support/fake-booking.ts';
import { toEnvironment } from './support/notify.ts';
import { startNotifyProcess } from './support/notify-process.ts';
import { createPhones, sendCode, sendText } from './support/phones.ts';

describe('notify, killed with SIGKILL', () => {
  const booking = createFakeBooking();
  let infrastructure: TestInfrastructure;
  let standin: MessagesStandin;
  let bookingServer: GrpcServer;
  let env: Record<string, string>;
  let database: Database;

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
    standin = await startMessagesStandin();
    bookingServer = await startGrpcServer({ routes: booking.routes }, { host: '127.0.0.1', port: 0 });
    env = {
      ...(await toEnvironment(infrastructure, standin)),
      BOOKING_GRPC_ADDRESS: `127.0.0.1:${bookingServer.port}`,
      MESSAGES_TIMEOUT_MS: '5000',
    };
    // The defaults of production.
    for (const name of ['NOTIFY_POLL_MS', 'NOTIFY_LEASE_MS', 'NOTIFY_RETRY_BASE_MS']) delete env[name];
    const telemetry = startTelemetry({ service: 'test' });
    database = createDatabase({ url: env.NOTIFY_DATABASE_URL ?? '', name: 'test', telemetry });
  });
  afterAll(async () => {
    await database.close();
    await bookingServer.close();
    await standin.close();
    await infrastructure.close();
  });

  it('between the provider’s acceptance and its own mark sends nothing twice after its restart, and goes on soon', async () => {
    const phones = createPhones(standin);
    const person = createPerson();
    const made = createBooking(person);
    booking.set(made.id, { state: BookingState.CONFIRMED, version: 1 });
    await phones.addFault({ mode: 'timeout_after_acting', match: sendText, times: 1 });
    const first = await startNotifyProcess(env);
    await database.transaction((tx) => insertEvents(tx, [userVerified(person), bookingConfirmed(made, 1)]));
    await waitFor('the provider to act', async () => (await phones.log(person.phone)).length === 1);
    expect(await readState(made.id)).toBe('sending');
    await first.kill();
    const second = await startNotifyProcess(env);
    const readyAt = performance.now();
    await waitFor('the mark', async () => (await readState(made.id)) === 'sent');
    expect(performance.now() - readyAt).toBeLessThan(2_500);
    expect(await phones.log(person.phone)).toHaveLength(1);
    expect(await second.stop()).toBe(0);
  });

  it('A10: in the call for a code, sends no second one after its restart', async () => {
    const phones = createPhones(standin);
    const person = createPerson();
    await phones.addFault({ mode: 'timeout_after_acting', match: sendCode, times: 1 });
    const first = await startNotifyProcess(env);
    const event = await otpRequested(person, loadConfig({}).envelopeKey, { code: '246810' });
    await database.transaction((tx) => insertEvents(tx, [event]));
    await waitFor('the provider to act', async () => (await phones.log(person.phone)).length === 1);
    expect(await readState(event.aggregateId)).toBe('sending');
    await first.kill();
    const second = await startNotifyProcess(env);
    await waitFor('the end', async () => (await readState(event.aggregateId)) === 'failed');
    expect(await phones.log(person.phone)).toHaveLength(1);
    expect(await second.stop()).toBe(0);
  });

  async function readState(referenceId: string): Promise<string | undefined> {
    const text = 'SELECT state FROM messages WHERE reference_id = $1';
    const { rows } = await database.query<{ state: string }>({ name: 'test.state', text, values: [referenceId] });
    return rows[0]?.state;
  }
});
