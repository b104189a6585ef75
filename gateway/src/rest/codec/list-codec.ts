import type { Codec } from './codec.ts';
import { at, DecodeError } from './decode-error.ts';

/** A repeated field. JSON null inside an array is refused by the elements. */
export function listCodec(element: Codec): Codec<unknown[]> {
  return {
    decode: (value, options) => {
      if (!Array.isArray(value)) throw new DecodeError('type.array');
      return value.map((each, index) => {
        try {
          return element.decode(each, options);
        } catch (error) {
          throw at(error, index);
        }
      });
    },
    encode: (values) => {
      let text = '[';
      for (let index = 0; index < values.length; index++) {
        if (index > 0) text += ',';
        text += element.encode(values[index]);
      }
      return `${text}]`;
    },
  };
}
