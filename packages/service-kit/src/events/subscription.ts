import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { type EventType, eventTypeOf } from '@mawid/contracts';
import type { Transaction } from '../database/types.ts';
import type { EventEnvelope } from './headers.ts';

/** An event as a handler sees it. `time` is when it was written into the outbox. */
export interface ReceivedEvent<D extends DescMessage = DescMessage> extends EventEnvelope {
  message: MessageShape<D>;
  /** 1 for the first delivery. */
  deliveryCount: number;
}

/**
 * What a service does about an event. Runs inside the transaction that also remembers the event's id: whatever it
 * writes through `tx` happens exactly once. It must do nothing that cannot be rolled back.
 */
export type EventHandler<D extends DescMessage> = (tx: Transaction, event: ReceivedEvent<D>) => Promise<void>;

/** A subject together with its handler. */
export interface Subscription {
  readonly eventType: EventType;
  handle(tx: Transaction, event: ReceivedEvent): Promise<void>;
}

/** Subscribes a handler to an event. Throws when the message is not declared as an event. */
export function on<D extends DescMessage>(schema: D, handler: EventHandler<D>): Subscription {
  return { eventType: eventTypeOf(schema), handle: handler as unknown as Subscription['handle'] };
}
