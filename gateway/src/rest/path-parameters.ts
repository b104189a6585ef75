import type { DescMessage, Message } from '@bufbuild/protobuf';
import { BindingError, compileAll } from './boot-error.ts';
import { at } from './codec/decode-error.ts';
import type { MessageCodecs } from './codec/field-codec.ts';
import { pathSetter, resolveFieldPath } from './field-path.ts';
import { joinSegments, type RequestPath } from './request-path.ts';
import type { Capture, PathTemplate } from './template.ts';
import { textReader } from './text-value.ts';

/** Writes what the path captured into the request. Throws DecodeError with the field's path. */
export type PathParameters = (message: Message, path: RequestPath) => void;

/** Compiles a template's captures against the request type. Throws {@link BindingError} for fields that cannot be captured. */
export function compilePathParameters(
  type: DescMessage,
  template: PathTemplate,
  messages: MessageCodecs,
): PathParameters {
  const seen = new Map<string, string>();
  const setters = compileAll(
    template.captures.map((capture) => () => {
      const name = capture.fieldPath.join('.');
      if (seen.has(name)) throw new BindingError(`"${name}" is captured twice`);
      seen.set(name, name);
      assertAlone(type, capture.fieldPath, seen);
      return compileCapture(type, capture, messages);
    }),
  );
  return (message, path) => {
    for (const set of setters) set(message, path);
  };
}

/** Two members of a oneof cannot both have a value, so a path cannot give both. */
function assertAlone(type: DescMessage, fieldPath: readonly string[], seen: Map<string, string>): void {
  const name = fieldPath.join('.');
  for (const [index, field] of resolveFieldPath(type, fieldPath).entries()) {
    if (field.oneof === undefined) continue;
    const key = `${fieldPath.slice(0, index).join('.')}|${field.oneof.name}`;
    const [member, other] = (seen.get(key) ?? '').split(' ');
    if (other !== undefined && member !== field.name) {
      throw new BindingError(`"${name}" and "${other}" are of one oneof, "${field.oneof.name}"`);
    }
    seen.set(key, `${field.name} ${name}`);
  }
}

function compileCapture(type: DescMessage, capture: Capture, messages: MessageCodecs): PathParameters {
  const name = capture.fieldPath.join('.');
  const fields = resolveFieldPath(type, capture.fieldPath);
  const last = fields.at(-1);
  const read = last && last.fieldKind !== 'list' ? textReader(last, messages) : undefined;
  if (read === undefined) throw new BindingError(`"${name}" cannot be taken from a path: it must be a singular value`);
  const set = pathSetter(fields);
  return (message, path) => {
    try {
      set(message, read(captured(path, capture)));
    } catch (error) {
      throw at(error, name);
    }
  };
}

function captured(path: RequestPath, capture: Capture): string {
  if (capture.multiSegment) return joinSegments(path, capture.start, capture.end);
  return path.decoded[capture.start] ?? '';
}
