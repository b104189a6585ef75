import { describe, expect, it } from '@jest/globals';
import { toReadableLine } from './log-line.ts';

describe('toReadableLine', () => {
  it.each([
    ['{"level":30,"time":1732300201000,"msg":"ready","grpc_port":5}', '[booking] 18:30:01 info ready grpc_port=5'],
    ['{"level":50,"msg":"failed","err":{"message":"no route","stack":"…"}}', '[booking] error failed err=no route'],
    ['{"level":40,"msg":"slow","pid":1,"hostname":"h","name":"booking"}', '[booking] warn slow'],
    ['{"level":50,"msg":"failed","err":"\\nno\\n\\n  route"}', '[booking] error failed err=no route'],
    ['wrong settings: X', '[booking] wrong settings: X'],
    ['{not json', '[booking] {not json'],
  ])('renders %s', (line, expected) => {
    expect(toReadableLine('booking', line)).toBe(expected);
  });
});
