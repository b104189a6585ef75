import { longestText } from './scalar-schema.ts';
import type { Schema } from './types.ts';

const text = (description: string, rest: Schema = {}): Schema => ({
  type: 'string',
  maxLength: longestText,
  description,
  ...rest,
});

const properties: Readonly<Record<string, Schema>> = {
  type: text('Where the code is explained, below this server.', {
    format: 'uri-reference',
    pattern: '^/docs/errors/[A-Z0-9_]+$',
    maxLength: 200,
  }),
  title: text('The code in words, in English.', { maxLength: 200 }),
  status: {
    type: 'integer',
    format: 'int32',
    minimum: 400,
    maximum: 599,
    description: 'The HTTP status of this answer.',
  },
  detail: text('What a person may read, in the language of Content-Language.'),
  instance: text('The path that was asked for.', { format: 'uri-reference' }),
  code: text('The reason, for programs. New ones may be added: treat one that you do not know by its status.', {
    pattern: '^[A-Z][A-Z0-9_]*$',
    maxLength: 100,
  }),
  metadata: {
    type: 'object',
    description: 'Values that belong to the reason, by name.',
    additionalProperties: { type: 'string', maxLength: longestText },
    maxProperties: 100,
  },
  trace_id: text('Names the trace of this request; give it to our support.', {
    pattern: '^[0-9a-f]{32}$',
    maxLength: 32,
  }),
  retry_after_seconds: {
    type: 'integer',
    format: 'int32',
    minimum: 1,
    maximum: 2_147_483_647,
    description: 'How long to wait before the next try; only where waiting helps.',
  },
};

const messages: Schema = {
  type: 'array',
  minItems: 1,
  maxItems: 1_000,
  items: { type: 'string', maxLength: longestText },
  description: 'What is wrong with a field, in the language of Content-Language.',
};

const required = ['type', 'title', 'status', 'detail', 'code', 'metadata'];

/** The schemas of refusals (RFC 9457). */
export const problemSchemas: Readonly<Record<string, Schema>> = {
  Problem: {
    type: 'object',
    description: 'A refusal: a problem of RFC 9457 with members of ours.',
    required,
    properties,
  },
  ValidationProblem: {
    type: 'object',
    description:
      'A refusal that may name fields: each has a member of its path, such as `phone_number` or `items[0].service_id`, with a list of messages. The same lists stand under `errors`; of a field whose name is one of the other members only there.',
    required,
    properties: {
      ...properties,
      errors: {
        type: 'object',
        description: 'The messages by the paths of the fields.',
        additionalProperties: messages,
        maxProperties: 10_000,
      },
    },
    additionalProperties: messages,
    maxProperties: 10_000,
  },
};
