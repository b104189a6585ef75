import { describe, expect, it } from '@jest/globals';
import { createLogger } from './create-logger.ts';
import { maskObject, maskText } from './mask.ts';

describe('maskText', () => {
  it.each([
    ['sent to +966512345123', 'sent to +9665•••••123'],
    ['sent to 00966512345123.', 'sent to 009665•••••123.'],
    ['from 0512345123 now', 'from 05•••••123 now'],
    ['mail a.b+c@example.com failed', 'mail [email] failed'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [token]'],
    ['token eyJhbGciOi.eyJzdWIi.c2ln', 'token [token]'],
    ['sealed eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn', 'sealed [token]'],
    ['postgres://user:pa55@host/db', 'postgres://user:•••@host/db'],
    ['id 019abc12-0512-7345-8123-0512345678ab', 'id 019abc12-0512-7345-8123-0512345678ab'],
    ['{"time":966512345123}', '{"time":966512345123}'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });
});

describe('maskObject', () => {
  it('hides by key at any depth, whatever the spelling', () => {
    const secret = { phoneNumber: '1', email: 'e', 'id-token': 't', refresh: 'r', fine: 1 };
    const hidden = { phoneNumber: '[hidden]', email: '[hidden]', 'id-token': '[hidden]', refresh: '[hidden]', fine: 1 };
    expect(maskObject({ ...secret, a: { b: [secret] } })).toEqual({ ...hidden, a: { b: [hidden] } });
  });

  it('hides one-time codes but not status codes', () => {
    expect(maskObject({ code: '123456' })).toEqual({ code: '[hidden]' });
    expect(maskObject({ code: 'ECONNREFUSED', x: { code: 9 } })).toEqual({ code: 'ECONNREFUSED', x: { code: 9 } });
  });
});

describe('createLogger', () => {
  function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    write(createLogger({ name: 'booking', level: 'info', destination }));
    return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
  }

  it('writes one JSON line with the service and the level by name', () => {
    expect(logged((logger) => logger.info({ a: 1 }, 'hello'))).toMatchObject({
      service: 'booking',
      level: 'info',
      msg: 'hello',
      a: 1,
    });
  });

  it('masks messages, errors and children', () => {
    const error = new Error('no such user +966512345123');
    const lines = [
      logged((logger) => logger.info('call +966512345123')),
      logged((logger) => logger.error(error)),
      logged((logger) => logger.error({ err: error })),
      logged((logger) => logger.child({ phone: '+966512345123' }).info({ nested: { token: 'abc' } }, 'x %s', 'a@b.sa')),
    ];
    expect(JSON.stringify(lines)).not.toMatch(/12345123|abc|a@b/);
    expect(lines[1]).toMatchObject({ msg: 'no such user +9665•••••123', err: { type: 'Error' } });
  });
});
