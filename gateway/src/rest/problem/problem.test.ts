import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { DecodeError } from '../codec/decode-error.ts';
import { renderProblem } from './render-problem.ts';
import { httpStatusOf } from './status.ts';
import { toRefusal } from './to-refusal.ts';

function render(error: unknown, language: 'ar' | 'en' = 'en') {
  return renderProblem(toRefusal(error), { language, instance: '/api/x', traceId: 'abc' });
}

function refused(reason: string, code: Code, metadata: Record<string, string> = {}, domain = 'mawid'): ConnectError {
  return new ConnectError('secret text', code, undefined, [
    { desc: ErrorInfoSchema, value: create(ErrorInfoSchema, { reason, domain, metadata }) },
  ]);
}

describe('problems', () => {
  it('have the members of RFC 9457 and ours', () => {
    expect(render(refused('STALE_ETAG', Code.Aborted)).body).toEqual({
      type: '/docs/errors/STALE_ETAG',
      title: 'Stale etag',
      status: 412,
      instance: '/api/x',
      code: 'STALE_ETAG',
      detail: 'This was changed in the meantime. Load it again and retry.',
      metadata: {},
      trace_id: 'abc',
    });
  });

  it('speak Arabic', () => {
    expect(render(refused('NOT_FOUND', Code.NotFound), 'ar').body.detail).toBe('غير موجود.');
  });

  it('tell how long to wait, in the text, the body and the header', () => {
    const error = refused('RATE_LIMITED', Code.ResourceExhausted);
    error.details.push({
      desc: RetryInfoSchema,
      value: create(RetryInfoSchema, { retryDelay: { seconds: 41n, nanos: 5 } }),
    });
    const problem = render(error);
    expect(problem.status).toBe(429);
    expect(problem.headers['retry-after']).toBe('42');
    expect(problem.body).toMatchObject({
      retry_after_seconds: 42,
      detail: 'Too many requests. Try again in 42 seconds.',
    });
  });

  it('pass on the limits that a service names, and its wait where only the header says it', () => {
    const error = refused('RATE_LIMITED', Code.ResourceExhausted);
    const told = {
      ratelimit: '"otp-phone";r=0;t=58',
      'ratelimit-policy': '"otp-phone";q=5;w=900',
      'retry-after': '58',
    };
    for (const [name, value] of Object.entries(told)) error.metadata.set(name, value);
    error.metadata.set('x-inner-secret', 'never shown');
    const problem = render(error);
    expect(problem.headers).toMatchObject(told);
    expect(problem.headers['x-inner-secret']).toBeUndefined();
    expect(problem.body.retry_after_seconds).toBe(58);
  });

  it.each(['soon', '-1', '9999999', ''])('ignore a wait of "%s"', (wait) => {
    const error = refused('RATE_LIMITED', Code.ResourceExhausted);
    error.metadata.set('retry-after', wait);
    expect(render(error).headers['retry-after']).toBe('1');
  });

  it('list the messages of each field at the top and under errors, without overwriting members', () => {
    const error = refused('VALIDATION_FAILED', Code.InvalidArgument, { 'name.max': '3', other: 'kept' });
    const fieldViolations = [
      { field: 'code', reason: 'string.min_len', description: 'value length must be at least 6 characters' },
      { field: 'code', reason: 'string.pattern', description: 'x' },
      { field: 'age', reason: 'int32.gte', description: 'value must be greater than or equal to 18' },
      { field: 'lang', reason: 'string.in', description: 'value must be in list [ar, en]' },
      { field: 'free', reason: 'booking.order', description: 'ends before it starts' },
      { field: 'who', reason: 'NOT_FOUND', description: '' },
    ];
    error.details.push({ desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations }) });
    const english = render(error).body as Record<string, unknown>;
    expect(english.errors).toEqual({
      code: ['Must be at least 6 characters long.', 'Does not have the right format.'],
      age: ['Must be at least 18.'],
      lang: ['Must be one of: ar, en.'],
      free: ['Ends before it starts.'],
      who: ['Not found.'],
    });
    expect(english).toMatchObject({ code: 'VALIDATION_FAILED', age: ['Must be at least 18.'] });
    expect((render(error, 'ar').body as Record<string, unknown>).errors).toMatchObject({
      code: ['يجب ألا يقل الطول عن 6 حرفًا.', 'الصيغة غير صحيحة.'],
      free: ['القيمة غير صالحة.'],
      who: ['غير موجود.'],
    });
  });

  it('name the field that could not be read', () => {
    const error = new DecodeError('integer.range', { min: 0, max: 9 });
    error.path.push('items', 2, 'count');
    expect(render(error)).toMatchObject({
      status: 400,
      body: { code: 'MALFORMED_REQUEST', 'items[2].count': ['Must be between 0 and 9.'] },
    });
  });

  it.each([
    [new Error('password=hunter2'), 500],
    ['thrown text', 500],
    [new ConnectError('select * from users', Code.Internal), 500],
    [new ConnectError('10.0.0.7 refused', Code.Unavailable), 503],
    [new ConnectError('secret', Code.InvalidArgument), 400],
    [refused('INVENTED', Code.Internal, {}, 'elsewhere'), 500],
  ])('never leak what was not meant for callers: %s', (error, status) => {
    const problem = render(error);
    expect(problem.status).toBe(status);
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|select|10\.0\.0|secret|thrown|INVENTED/);
  });

  it('have a status for every gRPC code', () => {
    const statuses = Object.values(Code)
      .filter((code) => typeof code === 'number')
      .map(httpStatusOf);
    expect(statuses).toEqual([499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]);
  });
});
