import type { DescField, DescMessage, DescMethod, Message } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import type { RestOptions } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { BindingError } from '../boot-error.ts';
import { fieldGetter, fieldSetter } from '../codec/field-access.ts';

/** How a method that streams answers is served: as server-sent events, or as the bytes of one download. */
export type StreamPlan = EventStreamPlan | ByteStreamPlan;

export interface EventStreamPlan {
  readonly kind: 'events';
  /** What becomes the event's `id:`; empty for none. */
  eventId(message: Message): string;
  /** Where the request says from which event on it wants them; undefined for streams that start anew each time. */
  readonly lastEventId: TextAccess | undefined;
}

/** A text field of a message; empty where it is unset. */
interface TextAccess {
  get(message: Message): string;
  set(message: Message, text: string): void;
}

export interface ByteStreamPlan {
  readonly kind: 'bytes';
}

/** Compiles the stream options of a method. Throws {@link BindingError} for names of no text field, and for options that have no meaning there. */
export function compileStreamPlan(method: DescMethod, rest: RestOptions | undefined, isRaw: boolean): StreamPlan {
  const { eventIdField = '', lastEventIdField = '', successStatus = 0 } = rest ?? {};
  if (successStatus !== 0 && successStatus !== 200) {
    throw new BindingError('a stream is answered with 200: its success_status must not be set');
  }
  if (isRaw) {
    assertNoEventFields(rest, 'a stream of google.api.HttpBody is one download: it has no event ids');
    return { kind: 'bytes' };
  }
  const eventId = eventIdField === '' ? undefined : textFieldOf(method.output, eventIdField, 'event_id_field');
  const lastEventId =
    lastEventIdField === '' ? undefined : textFieldOf(method.input, lastEventIdField, 'last_event_id_field');
  const id = eventId && textAccess(eventId);
  return {
    kind: 'events',
    eventId: (message) => id?.get(message) ?? '',
    lastEventId: lastEventId && textAccess(lastEventId),
  };
}

/** Throws {@link BindingError} with this text where the options name event ids. */
export function assertNoEventFields(rest: RestOptions | undefined, text: string): void {
  if (rest !== undefined && (rest.eventIdField !== '' || rest.lastEventIdField !== '')) throw new BindingError(text);
}

function textAccess(field: DescField): TextAccess {
  const get = fieldGetter(field);
  return { get: (message) => (get(message) as string | undefined) ?? '', set: fieldSetter(field) };
}

function textFieldOf(type: DescMessage, name: string, option: string) {
  const field = type.fields.find((each) => each.name === name);
  if (field === undefined) throw new BindingError(`${option}: ${type.typeName} has no field "${name}"`);
  if (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) return field;
  throw new BindingError(`${option}: "${name}" of ${type.typeName} is not a text field`);
}
