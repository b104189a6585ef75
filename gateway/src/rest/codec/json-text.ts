import { DecodeError, type PathStep } from './decode-error.ts';

/**
 * A JSON document as read from a request. Objects are maps: no key can reach a prototype, and a repeated key is seen. None has the key `__proto__`.
 */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/** Deeper documents are refused: nothing of ours is deeper than five, and recursion must end before the stack does. */
export const maxDepth = 32;

interface Reader {
  readonly text: string;
  position: number;
  readonly path: PathStep[];
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const needsUnescaping = /[\\\u0000-\u001f]/;

/**
 * Reads one JSON document (RFC 8259), stricter than `JSON.parse`: repeated keys, lone surrogates, more than {@link maxDepth} levels and the key
 * `__proto__` are refused. That key would be lost at the latest where a service keeps a map as an object.
 * Throws {@link DecodeError} with a `json.*` rule and the path of the value it was reading.
 */
export function parseJson(text: string): JsonValue {
  const reader: Reader = { text, position: 0, path: [] };
  const value = readValue(reader, 1);
  skipSpace(reader);
  if (reader.position !== text.length) throw syntaxError(reader);
  return value;
}

function readValue(reader: Reader, depth: number): JsonValue {
  skipSpace(reader);
  switch (reader.text.charCodeAt(reader.position)) {
    case 0x7b:
      return readObject(reader, depth);
    case 0x5b:
      return readArray(reader, depth);
    case 0x22:
      return readString(reader);
    case 0x74:
      return readWord(reader, 'true', true);
    case 0x66:
      return readWord(reader, 'false', false);
    case 0x6e:
      return readWord(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader, depth: number): JsonObject {
  if (depth > maxDepth) throw failure(reader, 'json.depth', { max: maxDepth });
  const object: JsonObject = new Map();
  reader.position++;
  if (skipIf(reader, 0x7d)) return object;
  do {
    skipSpace(reader);
    if (reader.text.charCodeAt(reader.position) !== 0x22) throw syntaxError(reader);
    const key = readString(reader);
    if (!skipIf(reader, 0x3a)) throw syntaxError(reader);
    reader.path.push(key);
    if (key === '__proto__') throw failure(reader, 'json.key');
    if (object.has(key)) throw failure(reader, 'json.duplicate_key');
    object.set(key, readValue(reader, depth + 1));
    reader.path.pop();
  } while (skipIf(reader, 0x2c));
  if (!skipIf(reader, 0x7d)) throw syntaxError(reader);
  return object;
}

function readArray(reader: Reader, depth: number): JsonValue[] {
  if (depth > maxDepth) throw failure(reader, 'json.depth', { max: maxDepth });
  const array: JsonValue[] = [];
  reader.position++;
  if (skipIf(reader, 0x5d)) return array;
  do {
    reader.path.push(array.length);
    array.push(readValue(reader, depth + 1));
    reader.path.pop();
  } while (skipIf(reader, 0x2c));
  if (!skipIf(reader, 0x5d)) throw syntaxError(reader);
  return array;
}

function readString(reader: Reader): string {
  const start = reader.position + 1;
  const quote = reader.text.indexOf('"', start);
  if (quote < 0) throw syntaxError(reader);
  const plain = reader.text.slice(start, quote);
  if (needsUnescaping.test(plain)) return readEscapedString(reader, start);
  reader.position = quote + 1;
  return plain;
}

function readEscapedString(reader: Reader, start: number): string {
  let end = start;
  for (let code = reader.text.charCodeAt(end); code !== 0x22; code = reader.text.charCodeAt(end)) {
    if (Number.isNaN(code)) throw syntaxError(reader);
    end += code === 0x5c ? 2 : 1;
  }
  const value = unescapeString(reader, reader.text.slice(start - 1, end + 1));
  if (!value.isWellFormed()) throw failure(reader, 'json.surrogate');
  reader.position = end + 1;
  return value;
}

function unescapeString(reader: Reader, quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw syntaxError(reader);
  }
}

function readNumber(reader: Reader): number {
  number.lastIndex = reader.position;
  const match = number.exec(reader.text);
  if (match === null) throw syntaxError(reader);
  reader.position = number.lastIndex;
  const value = Number(match[0]);
  if (!Number.isFinite(value)) throw failure(reader, 'json.number_range');
  return value;
}

function readWord<T extends JsonValue>(reader: Reader, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.position)) throw syntaxError(reader);
  reader.position += word.length;
  return value;
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.position);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.position++;
  }
}

function skipIf(reader: Reader, code: number): boolean {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.position) !== code) return false;
  reader.position++;
  return true;
}

function syntaxError(reader: Reader): DecodeError {
  return failure(reader, 'json.syntax', { position: reader.position });
}

function failure(reader: Reader, rule: string, parameters: Record<string, number> = {}): DecodeError {
  const error = new DecodeError(rule, parameters);
  error.path.push(...reader.path);
  return error;
}
