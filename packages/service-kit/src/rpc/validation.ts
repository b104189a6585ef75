import type { DescMessage, Message } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator, type Validator, type Violation } from '@bufbuild/protovalidate';
import type { Interceptor } from '@connectrpc/connect';
import { registry } from '@mawid/contracts';
import { type FieldProblem, refuse } from '../errors/refuse.ts';
import { findNulTexts } from './find-nul-texts.ts';

/** Refuses requests that break a rule of their proto (buf.validate) or hold a text no database of ours keeps, naming every field that does. */
export function validation(): Interceptor {
  const validator = createValidator({ registry });
  return (next) => (request) => {
    const schema = request.method.input;
    if (!request.stream) {
      assertValid(validator, schema, request.message);
      return next(request);
    }
    return next({ ...request, message: validated(validator, schema, request.message) } as never);
  };
}

async function* validated(validator: Validator, schema: DescMessage, messages: AsyncIterable<Message>) {
  for await (const message of messages) {
    assertValid(validator, schema, message);
    yield message;
  }
}

function assertValid(validator: Validator, schema: DescMessage, message: Message): void {
  const result = validator.validate(schema, message);
  if (result.kind === 'error') throw result.error;
  const broken = result.kind === 'invalid' ? result.violations.map(toProblem) : [];
  const fields = [...broken, ...findNulTexts(schema, message).map(nulProblem)];
  if (fields.length > 0) throw refuse('VALIDATION_FAILED', { fields });
}

function toProblem(violation: Violation): FieldProblem {
  return { field: pathToString(violation.field), reason: violation.ruleId, description: violation.message };
}

function nulProblem(field: string): FieldProblem {
  return { field, reason: 'string.nul', description: 'must not contain the character U+0000' };
}
