import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { DecodeError } from './codec/decode-error.ts';
import { fieldGetter, fieldSetter, isOneofSet } from './codec/field-access.ts';
import type { MessageCodecs } from './codec/field-codec.ts';
import { childGetter } from './field-path.ts';
import { type TextReader, textReader } from './text-value.ts';

/** Writes a query string into the request. Throws DecodeError with the parameter's name. */
export type QueryReader = (message: Message, query: string, options: { lenient: boolean }) => void;

/** What one step of a parameter's name leads to. */
type Step =
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly write: (message: Message, text: string) => void;
      readonly repeated: boolean;
    }
  | {
      readonly kind: 'message';
      readonly name: string;
      readonly enter: (message: Message) => Message;
      readonly steps: () => Steps;
    };
type Steps = ReadonlyMap<string, Step>;

/** Nobody nests filters deeper; a longer name is an unknown one. */
const maxNesting = 8;

/**
 * Compiles the query parameters of a request type: every field with a text form, nested ones by dots, under its proto name and its camelCase name.
 * `bound` holds the dotted names that path and body already fill; they are no parameters, and nothing below them is.
 */
export function compileQuery(type: DescMessage, bound: ReadonlySet<string>, messages: MessageCodecs): QueryReader {
  const cache = new Map<string, Steps>();
  const steps = compileSteps(type, messages, cache);
  return (message, query, options) => {
    const seen = new Set<string>();
    for (const [name, text] of parseQuery(query)) {
      const found = findStep(message, name, steps);
      if (found === undefined || isBound(found.name, bound)) {
        if (options.lenient) continue;
        throw failure('unknown_parameter', name);
      }
      if (!found.step.repeated && seen.has(found.name)) throw failure('parameter_repeated', found.name);
      seen.add(found.name);
      write(found, text);
    }
  };
}

function isBound(name: string, bound: ReadonlySet<string>): boolean {
  if (bound.has(name)) return true;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (bound.has(name.slice(0, dot))) return true;
  }
  return false;
}

/** No parameter is known: for methods whose body is the whole request. */
export const refuseQuery: QueryReader = (_message, query, options) => {
  if (options.lenient) return;
  for (const [name] of parseQuery(query)) throw failure('unknown_parameter', name);
};

interface Found {
  readonly name: string;
  readonly step: Extract<Step, { kind: 'value' }>;
  readonly target: () => Message;
}

function findStep(message: Message, parameter: string, root: Steps): Found | undefined {
  const parts = parameter.split('.');
  if (parts.length > maxNesting) return undefined;
  const names: string[] = [];
  const entered: ((message: Message) => Message)[] = [];
  let steps = root;
  for (const [index, part] of parts.entries()) {
    const step = steps.get(part);
    if (step === undefined) return undefined;
    names.push(step.name);
    if (step.kind === 'value') {
      if (index !== parts.length - 1) return undefined;
      return { name: names.join('.'), step, target: () => entered.reduce((parent, enter) => enter(parent), message) };
    }
    entered.push(step.enter);
    steps = step.steps();
  }
  return undefined;
}

function write(found: Found, text: string): void {
  try {
    found.step.write(found.target(), text);
  } catch (error) {
    if (error instanceof DecodeError) error.path.unshift(found.name);
    throw error;
  }
}

function compileSteps(type: DescMessage, messages: MessageCodecs, cache: Map<string, Steps>): Steps {
  const known = cache.get(type.typeName);
  if (known !== undefined) return known;
  const steps = new Map<string, Step>();
  cache.set(type.typeName, steps);
  for (const field of type.fields) {
    const step = compileStep(field, messages, cache);
    if (step === undefined) continue;
    steps.set(field.jsonName, step);
    steps.set(field.name, step);
  }
  return steps;
}

function compileStep(field: DescField, messages: MessageCodecs, cache: Map<string, Steps>): Step | undefined {
  const read = textReader(field, messages);
  if (read !== undefined) {
    const write = field.fieldKind === 'list' ? appender(field, read) : writer(field, read);
    return { kind: 'value', name: field.name, write, repeated: field.fieldKind === 'list' };
  }
  const type = field.fieldKind === 'message' ? field.message : undefined;
  if (type === undefined || type.typeName.startsWith('google.protobuf.')) return undefined;
  const steps = (): Steps => compileSteps(type, messages, cache);
  return { kind: 'message', name: field.name, enter: childGetter(field), steps };
}

function writer(field: DescField, read: TextReader): (message: Message, text: string) => void {
  const set = fieldSetter(field);
  return (message, text) => {
    if (isOneofSet(message, field)) throw new DecodeError('oneof', { name: field.oneof?.name ?? '' });
    set(message, read(text));
  };
}

function appender(field: DescField, read: TextReader): (message: Message, text: string) => void {
  const get = fieldGetter(field);
  return (message, text) => {
    (get(message) as unknown[]).push(read(text));
  };
}

/** application/x-www-form-urlencoded pairs. Broken encodings are refused under the name as it came. */
function parseQuery(query: string): [string, string][] {
  const pairs: [string, string][] = [];
  if (query === '') return pairs;
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    pairs.push([decodeText(name, name), equals < 0 ? '' : decodeText(pair.slice(equals + 1), name)]);
  }
  return pairs;
}

function decodeText(text: string, name: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw failure('percent_encoding', name);
  }
}

function failure(rule: string, name: string): DecodeError {
  const error = new DecodeError(rule);
  if (name !== '') error.path.push(name);
  return error;
}
