import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessageFailedSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import { type Consumer, insertEvents } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { startConsumers } from '../src/events/index.ts';
import { ask } from './budget-fixture.ts';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

let identity: IdentityFixture;
let consumer: Consumer;

beforeAll(async () => {
  identity = await startIdentity();
  consumer = await startConsumers(identity.ctx);
});
afterAll(async () => {
  await consumer?.close();
  await identity?.close();
});

describe('notify.message.v1.failed', () => {
  it('takes a code that never arrived out of the account of its prefix, once', async () => {
    const { database, relay } = identity.ctx;
    const { requestId } = await ask(identity);
    const messageId = uuidv7();
    const message = create(MessageFailedSchema, { messageId, kind: 'otp', referenceId: requestId, reason: 'gone' });
    const event = { schema: MessageFailedSchema, message, aggregateId: messageId, aggregateVersion: 1 };
    await database.transaction((tx) => insertEvents(tx, [event, event]));
    relay.wake();
    const handled = () => identity.rows(`SELECT FROM inbox WHERE subject = 'notify.message.v1.failed'`);
    await waitFor('both events handled', async () => (await handled()).length === 2);
    const undelivered = `SELECT counts[1] AS count FROM budgets WHERE axis = 'prefix-undelivered'`;
    expect(await identity.rows(undelivered)).toEqual([{ count: 1 }]);
    const noted = 'SELECT undelivered_at FROM code_requests WHERE id = $1';
    expect(await identity.rows(noted, requestId)).toEqual([{ undelivered_at: identity.clock.now() }]);
  });
});
