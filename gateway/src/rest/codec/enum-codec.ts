import type { DescEnum } from '@bufbuild/protobuf';
import type { Codec } from './codec.ts';
import { DecodeError } from './decode-error.ts';

/** `BookingState` → `BOOKING_STATE_`. */
function prefixOf(type: DescEnum): string {
  return `${type.name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}_`;
}

/** What clients see of an enum value: `BOOKING_STATE_CONFIRMED` → `confirmed`; a value without its type's prefix is only lower-cased. */
export function enumLabel(type: DescEnum, name: string): string {
  const prefix = prefixOf(type);
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase();
}

/** Every spelling that is accepted, with its number: the label and the full proto name. */
export function enumSpellings(type: DescEnum): ReadonlyMap<string, number> {
  const spellings = new Map<string, number>();
  for (const value of type.values) {
    spellings.set(value.name, value.number);
    const label = enumLabel(type, value.name);
    if (!spellings.has(label)) spellings.set(label, value.number);
  }
  return spellings;
}

const nullCodec: Codec<number> = {
  decode: (value) => {
    if (value !== null && value !== 'NULL_VALUE') throw new DecodeError('enum.value', { allowed: 'null' });
    return 0;
  },
  encode: () => 'null',
};

/** Labels out; labels and proto names in. A number that this build does not know goes out as it is. */
export function enumCodec(type: DescEnum): Codec<number> {
  if (type.typeName === 'google.protobuf.NullValue') return nullCodec;
  const spellings = enumSpellings(type);
  // Of values with one number, the first is its name; a map keeps the last.
  const texts = new Map(type.values.toReversed().map((value) => [value.number, `"${enumLabel(type, value.name)}"`]));
  const allowed = allowedLabels(type);
  return {
    decode: (value) => {
      const number = typeof value === 'string' ? spellings.get(value) : undefined;
      if (number === undefined) throw new DecodeError('enum.value', { allowed });
      return number;
    },
    encode: (value) => texts.get(value) ?? value.toString(),
  };
}

/** The labels worth naming in a message: all but the zero value `unspecified`. */
export function allowedLabels(type: DescEnum): string {
  const labels = type.values.map((value) => enumLabel(type, value.name));
  return labels.filter((label) => label !== 'unspecified').join(', ');
}
