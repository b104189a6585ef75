import { fromBinary } from '@bufbuild/protobuf';
import { eventTypeBySubject } from '@mawid/contracts';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { TimeBlock } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import type { TailMessage } from '@mawid/service-kit';

/** Something that happened in a salon's calendar. Shared by all who watch, so it is never changed. */
export interface CalendarFact {
  readonly salonId: string;
  /** The event's subject. */
  readonly subject: string;
  readonly occurredAt: Date;
  readonly change: BookingChanged | TimeChanged;
}

export interface BookingChanged {
  readonly kind: 'booking';
  readonly booking: Booking;
  readonly version: bigint;
  /** Who had it before it was moved. */
  readonly previousStaffIds: readonly string[];
}

export interface TimeChanged {
  readonly kind: 'time_blocked' | 'time_freed';
  readonly timeBlock: TimeBlock;
}

/** What our events have, each some of it. */
interface EventFields {
  readonly booking?: Booking;
  readonly version?: bigint;
  readonly previousStaffIds?: readonly string[];
  readonly timeBlock?: TimeBlock;
}

/** A fact that is kept for later. */
export interface KeptFact {
  readonly salonId: string;
  read(): CalendarFact;
}

/** What an event tells of a calendar; undefined where it tells nothing. Throws for bytes that are not what the subject says. */
export function keepFact({ subject, data, envelope }: TailMessage): KeptFact | undefined {
  const occurredAt = envelope?.time ?? new Date();
  const fact = readFact(subject, data, occurredAt);
  if (fact === undefined) return undefined;
  // As a message it takes seven times the memory of its bytes, and is wanted for a moment only. The bytes are copied: those of
  // the message are a part of all that the connection has read with them.
  const bytes = new Uint8Array(data);
  const read = new WeakRef(fact);
  return { salonId: fact.salonId, read: () => read.deref() ?? (readFact(subject, bytes, occurredAt) as CalendarFact) };
}

function readFact(subject: string, data: Uint8Array, occurredAt: Date): CalendarFact | undefined {
  const type = eventTypeBySubject(subject);
  if (type === undefined) return undefined;
  const message = fromBinary(type.schema, data) as EventFields;
  const { booking, version = 0n, previousStaffIds = [], timeBlock } = message;
  const common = { subject, occurredAt };
  if (booking) {
    return { ...common, salonId: booking.salonId, change: { kind: 'booking', booking, version, previousStaffIds } };
  }
  if (!timeBlock) return undefined;
  const kind = subject === 'booking.time_block.v1.deleted' ? 'time_freed' : 'time_blocked';
  return { ...common, salonId: timeBlock.salonId, change: { kind, timeBlock } };
}
