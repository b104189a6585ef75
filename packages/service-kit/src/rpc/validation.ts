import { type DescMessage, type Message, toBinary } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator, type Validator, type Violation } from '@bufbuild/protovalidate';
import type { Interceptor } from '@connectrpc/connect';
import { registry } from '@mawid/contracts';
import { type FieldProblem, refuse } from '../errors/refuse.ts';
import { findNulTexts } from './find-nul-texts.ts';

/** Refuses requests that break a rule of their proto (buf.validate) or hold a text no database of ours keeps, naming every field that does. */
export function validation(): Interceptor {
  const validator = { first: createValidator({ registry, failFast: true }), every: createValidator({ registry }) };
  return (next) => (request) => {
    const schema = request.method.input;
    if (!request.stream) {
      assertValid(validator, schema, request.message);
      return next(request);
    }
    return next({ ...request, message: validated(validator, schema, request.message) } as never);
  };
}

interface Validators {
  /** Stops at the first violation. */
  readonly first: Validator;
  readonly every: Validator;
}

/** More fields are not named: a refusal travels in trailers, whose size peers limit, and nobody reads a thousand lines. */
const maxFields = 20;
/** Of a larger request that is wrong, in bytes, one field is named: to look for every mistake of thousands would cost more than the call. */
const maxSearchedBytes = 16_384;

async function* validated(validator: Validators, schema: DescMessage, messages: AsyncIterable<Message>) {
  for await (const message of messages) {
    assertValid(validator, schema, message);
    yield message;
  }
}

function assertValid(validator: Validators, schema: DescMessage, message: Message): void {
  const broken = findViolations(validator, schema, message).map(toProblem);
  const fields = [...broken, ...findNulTexts(schema, message).map(nulProblem)];
  if (fields.length > 0) throw refuse('VALIDATION_FAILED', { fields: fields.slice(0, maxFields) });
}

function findViolations({ first, every }: Validators, schema: DescMessage, message: Message): readonly Violation[] {
  const result = first.validate(schema, message);
  if (result.kind === 'error') throw result.error;
  if (result.kind === 'valid') return [];
  if (toBinary(schema, message).length > maxSearchedBytes) return result.violations;
  return every.validate(schema, message).violations ?? [];
}

function toProblem(violation: Violation): FieldProblem {
  return { field: pathToString(violation.field), reason: violation.ruleId, description: violation.message };
}

function nulProblem(field: string): FieldProblem {
  return { field, reason: 'string.nul', description: 'must not contain the character U+0000' };
}
