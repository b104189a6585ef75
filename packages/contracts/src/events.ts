import { type DescMessage, getOption, hasOption } from '@bufbuild/protobuf';
import { event } from '../gen/mawid/options/v1/options_pb.js';
import { allFiles } from './registry.ts';

/** An event that a service publishes. */
export interface EventType {
  /** NATS subject, e.g. `booking.booking.v1.confirmed`. */
  readonly subject: string;
  /** JetStream stream of the owning service, e.g. `BOOKING`. */
  readonly stream: string;
  /** The payload's message. */
  readonly schema: DescMessage;
}

const types: readonly EventType[] = allFiles
  .flatMap((file) => file.messages)
  .filter((schema) => hasOption(schema, event))
  .map(toEventType);

const bySubject = new Map(types.map((type) => [type.subject, type]));
const byTypeName = new Map(types.map((type) => [type.schema.typeName, type]));

/** Every event of the system. */
export function eventTypes(): readonly EventType[] {
  return types;
}

/** The event that a message is. Throws when the message has no `(mawid.options.v1.event)`. */
export function eventTypeOf(schema: DescMessage): EventType {
  const type = byTypeName.get(schema.typeName);
  if (type === undefined) throw new Error(`${schema.typeName} has no option (mawid.options.v1.event)`);
  return type;
}

/** The event of a subject, or undefined when there is none. */
export function eventTypeBySubject(subject: string): EventType | undefined {
  return bySubject.get(subject);
}

function toEventType(schema: DescMessage): EventType {
  const { subject } = getOption(schema, event);
  const [service] = subject.split('.');
  if (service === undefined || !/^[a-z]+\.[a-z_]+\.v1\.[a-z_]+$/.test(subject)) {
    throw new Error(`${schema.typeName}: "${subject}" is not <service>.<resource>.v1.<fact>`);
  }
  return { subject, stream: service.toUpperCase(), schema };
}
