import { create, createRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { KindsSchema, MoneySchema } from '../../../tests/gen/gateway/test/v1/kinds_pb.js';
import { createCodecs } from './codecs.ts';
import { DecodeError } from './decode-error.ts';
import { parseJson } from './json-text.ts';

const codec = createCodecs(createRegistry(KindsSchema, MoneySchema))(KindsSchema);

/** The field's path and the rule; `accepted` where there is nothing wrong. */
function refusal(text: string, lenient = false): string {
  try {
    codec.decode(parseJson(text), { lenient });
  } catch (error) {
    if (error instanceof DecodeError) return `${error.field} ${error.rule}`;
    throw error;
  }
  return 'accepted';
}

/** What comes back of a document: read, sent, received and written. */
function echo(text: string): Record<string, unknown> {
  const message = codec.decode(parseJson(text), { lenient: false }) as never;
  return JSON.parse(codec.encode(fromBinary(KindsSchema, toBinary(KindsSchema, message))));
}

const wrongValues: [field: string, rule: string, values: string[]][] = [
  ['small', 'type.integer', ['"1"', '1.5', '1e-1', 'true', '[]', '{}', '[1]', '"NaN"', '""']],
  ['small', 'integer.range', ['2147483648', '-2147483649', '1e300', '99999999999999999999']],
  ['small', 'json.number_range', ['1e400', '-1e400', `1${'0'.repeat(400)}`]],
  ['small', 'json.syntax', ['NaN', 'Infinity', '+1', '.5', '-', 'True', 'undefined', '']],
  ['unsigned', 'integer.range', ['-1', '4294967296']],
  ['big', 'integer.range', ['9007199254740992', '-9007199254740992', '"9223372036854775808"', '1e30']],
  ['big', 'type.integer', ['"1.0"', '"0x1"', '" 1"', '"1e3"', '"+1"', '"-"', `"${'9'.repeat(400)}"`, '"١"']],
  ['ubig', 'integer.range', ['-1', '"18446744073709551615"']],
  ['real', 'type.number', ['"1"', '"nan"', '"-NaN"', '"infinity"', 'true', '[]']],
  ['real', 'json.syntax', ['-Infinity', '--1', '-.5']],
  ['single', 'json.number_range', ['3.5e38', '-3.5e38']],
  ['flag', 'type.boolean', ['"true"', '0', '1', '"yes"', '[]', '{}']],
  ['text', 'type.string', ['1', 'true', '[]', '{}', '["a"]']],
  ['text', 'json.surrogate', ['"\\udfff"', '"a\\ud800b"', '"\\ud800\\ud800"', '"\\udc00\\ud800"']],
  ['text', 'json.syntax', ['"\\u12"', '"\\u{41}"', '"\n"', '"\u0000"', '"\\', "'a'", '"a', '"\\u12G4"']],
  ['raw', 'type.bytes', ['"a"', '"a=="', '"aGk=="', '"aGk==="', '"=aGk"', '"a Gk"', '"aGk\\n"', '1']],
  ['colour', 'enum.value', ['"blue"', '"Red"', '"COLOUR_BLUE"', '1', '"1"', '{}', '"__proto__"', '"constructor"']],
  ['start_at', 'timestamp', ['"2026-02-30T00:00:00Z"', '"2025-02-29T00:00:00Z"', '"2026-13-01T00:00:00Z"']],
  ['start_at', 'timestamp', ['"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"', '"-2026-01-01T00:00:00Z"']],
  ['start_at', 'timestamp', ['"9999-12-31T23:59:59-00:01"', '"0001-01-01T00:00:00+00:01"']],
  ['start_at', 'timestamp', ['"2026-06-30T23:59:60Z"', '"2026-11-22T24:00:00Z"', '"2026-11-22T18:60:00Z"']],
  ['start_at', 'timestamp', ['"2026-11-22T18:30:00+24:00"', '"2026-11-22T18:30:00+03"', '"2026-11-22 18:30:00Z"']],
  ['start_at', 'timestamp', ['"2026-11-22T18:30:00.1234567890Z"', '"2026-11-22T18:30:00.Z"', '"٢٠٢٦-11-22T18:30:00Z"']],
  ['start_at', 'timestamp', ['{"seconds":1}', '1795372200', '""', '[]', '"2026-11-22T18:30Z"', 'true']],
  ['length', 'duration', ['"1"', '"1m"', '"s"', '".5s"', '"1.s"', '"+1s"', '"1e3s"', '" 1s"', '"315576000000.1s"']],
  ['length', 'duration', ['"315576000001s"', '"-315576000001s"', '"1.1234567890s"', '5', '{}', '"--1s"']],
  ['mask', 'field_mask', ['"a,"', '",a"', '"a b"', '"a..b"', '"1a"', '"a,*"', '["a"]', '{"paths":[]}', '"__proto__"']],
  ['counts', 'type.object', ['[]', '"{}"', '1', '[["a",1]]']],
  ['tags', 'type.array', ['{}', '"a"', '{"0":"a"}', 'true']],
  ['price', 'type.object', ['[]', '1', '"{}"', 'false']],
  ['settings', 'type.object', ['[]', '"{}"', '1', 'true']],
  ['list', 'type.array', ['{}', '"[]"', '0']],
  ['nothing', 'enum.value', ['0', '"null"', '{}', 'false']],
  ['nobody', 'type.object', ['[]', '1', '"x"']],
  ['boxed_big', 'integer.range', ['9007199254740992']],
  ['boxed_big', 'type.integer', ['{"value":1}', 'true', '1.5']],
  ['packed', 'any.type', ['{"@type":"x"}', '{"@type":1}', '{"@type":"x/no.Such"}', '{"value":1}']],
  ['packed', 'any.type', ['{"@type":"__proto__"}', '{"@type":"type.googleapis.com/"}']],
  ['packed', 'type.object', ['1', '[]', '"x"']],
];

const wrongDocuments: [string, string][] = [
  ['\ufeff{}', ' json.syntax'],
  ['{}\u0000', ' json.syntax'],
  ['{}{}', ' json.syntax'],
  ['{"a"}', ' json.syntax'],
  ['{,}', ' json.syntax'],
  ['{"text":"a" "flag":true}', ' json.syntax'],
  ['/* */{}', ' json.syntax'],
  ['{"text"=1}', ' json.syntax'],
  ['{text:1}', ' json.syntax'],
  ['{\u00a0}', ' json.syntax'],
  ...['0x10', '1_000', '1n', '01', '1e', '1.', '1.e3', '1e+'].map((each): [string, string] => [
    `{"child":{"real":${each}}}`,
    'child json.syntax',
  ]),
  ['{"tags":[,]}', 'tags[0] json.syntax'],
  ['{"tags":["a",]}', 'tags[1] json.syntax'],
  ['{"tags":["a"}', 'tags json.syntax'],
  ['{"prices":[{},{"amount":1},{"amount":"1.5"}]}', 'prices[2].amount type.integer'],
  ['{"prices":[{"amount":1,"amount":1}]}', 'prices[0].amount json.duplicate_key'],
  ['{"text":"a","t\\u0065xt":"b"}', 'text json.duplicate_key'],
  ['{"start_at":null,"startAt":null}', 'start_at json.duplicate_key'],
  ['{"prices":[null]}', 'prices[0] type.object'],
  ['{"times":[null]}', 'times[0] timestamp'],
  ['{"boxes":[null]}', 'boxes[0] type.string'],
  ['{"colours":["red",""]}', 'colours[1] enum.value'],
  ['{"many_settings":[{},[]]}', 'many_settings[1] type.object'],
  ['{"by_number":{"1.0":{}}}', 'by_number.1.0 type.integer'],
  ['{"by_number":{"01":{}}}', 'by_number.01 type.integer'],
  ['{"by_number":{"-0":{}}}', 'by_number.-0 type.integer'],
  ['{"by_number":{"9007199254740992":{}}}', 'by_number.9007199254740992 integer.range'],
  ['{"by_number":{"99999999999999999999":{}}}', 'by_number.99999999999999999999 type.integer'],
  ['{"by_number":{"1":{"amount":true}}}', 'by_number.1.amount type.integer'],
  ['{"by_number":{"1":null}}', 'by_number.1 type.object'],
  ['{"by_flag":{"TRUE":""}}', 'by_flag.TRUE type.boolean'],
  ['{"counts":{"a":1,"a":1}}', 'counts.a json.duplicate_key'],
  ['{"counts":{"constructor":"x"}}', 'counts.constructor type.integer'],
  ['{"email_address":"a","nobody":{}}', 'nobody oneof'],
  ['{"deposit":{},"boxedContact":"x"}', 'boxedContact oneof'],
  ['{"packed":{"@type":"x/google.protobuf.Duration","value":"1m"}}', 'packed any.type'],
  ['{"child":{"__proto__":null}}', 'child.__proto__ json.key'],
  ['{"hasOwnProperty":1}', 'hasOwnProperty unknown_field'],
  ['{"$typeName":"x"}', '$typeName unknown_field'],
  ['{"contact":{"case":"x"}}', 'contact unknown_field'],
  ['{"":1}', ' unknown_field'],
  [`{"${'k'.repeat(5000)}":1}`, `${'k'.repeat(100)}… unknown_field`],
  [`{"a":${'['.repeat(50_000)}`, `a${'[0]'.repeat(31)} json.depth`],
  [`${'{"a":'.repeat(50_000)}`, `${'a.'.repeat(31)}a json.depth`],
  [`{"anything":${'[{"a":'.repeat(16)}1${'}]'.repeat(16)}}`, `anything${'[0].a'.repeat(15)}[0] json.depth`],
];

describe('a value that is not what its field wants', () => {
  it.each(wrongValues)('is refused under its path: %s, %s', (field, rule, values) => {
    for (const value of values) {
      const expected = `${field} ${rule}`;
      const found = refusal(`{"${field}":${value}}`);
      expect([value, found]).toEqual([value, expected]);
      const inner = refusal(`{"child":{"child":{"${field}":${value}}}}`);
      expect([value, inner]).toEqual([value, `child.child.${expected}`]);
    }
  });

  it.each(wrongDocuments)('is refused in its document: %s', (text, expected) => {
    expect(refusal(text)).toBe(expected);
  });

  it('is refused in lenient reading too, but for unknown members and numbers as text', () => {
    for (const [field, , values] of wrongValues) {
      for (const value of values.filter((each) => !(field === 'text' && each === '1'))) {
        expect([field, value, refusal(`{"${field}":${value}}`, true)]).not.toEqual([field, value, 'accepted']);
      }
    }
    expect(refusal('{"constructor":1,"hasOwnProperty":{"a":[{}]}}', true)).toBe('accepted');
    expect(refusal('{"nope":{"__proto__":1}}', true)).toBe('nope.__proto__ json.key');
    expect(refusal(`{"nope":${'['.repeat(40)}${']'.repeat(40)}}`, true)).toContain('json.depth');
    expect(refusal('{"nope":1,"nope":2}', true)).toBe('nope json.duplicate_key');
    expect(refusal('{"text":1e30}', true)).toBe('text type.string');
  });
});

describe('a value at the edge of its field', () => {
  it.each<[string, Record<string, unknown>]>([
    ['{"small":1.0,"big":-0,"unsigned":-0.0,"zigzag":-0}', { small: 1, big: 0, unsigned: 0, zigzag: 0 }],
    ['{"small":10e-1,"big":"-9007199254740991"}', { small: 1, big: Number.MIN_SAFE_INTEGER }],
    ['{"real":-0,"single":-0}', { real: -0, single: -0 }],
    ['{"real":5e-324,"single":0.1}', { real: 5e-324, single: 0.1 }],
    ['{"real":1e-400,"single":3.4028234663852886e38}', { real: 0, single: 3.4028235e38 }],
    ['{"single":16777217,"reals":["-Infinity","NaN",1.7976931348623157e308]}', { single: 16777216 }],
    ['{"text":"\\u0000\\u2028\\u2029\\ufeff\\uffff"}', { text: '\u0000\u2028\u2029\ufeff\uffff' }],
    ['{"raw":"-_8","boxed_raw":"+/8="}', { raw: '+/8=', boxed_raw: '+/8=' }],
    ['{"start_at":"0001-01-01T00:00:00z"}', { start_at: '0001-01-01T00:00:00Z' }],
    ['{"start_at":"9999-12-31t23:59:59.999999999Z"}', { start_at: '9999-12-31T23:59:59.999999999Z' }],
    ['{"start_at":"2024-02-29T23:30:00.000001-00:30"}', { start_at: '2024-03-01T00:00:00.000001Z' }],
    ['{"length":"-315576000000s"}', { length: '-315576000000s' }],
    ['{"length":"-0.000000001s"}', { length: '-0.000000001s' }],
    ['{"length":"-0s"}', { length: '0s' }],
    ['{"mask":""}', { mask: '' }],
    ['{"nothing":"NULL_VALUE","anything":null}', { nothing: null, anything: null }],
    ['{"packed":{}}', { packed: {} }],
    ['{"counts":{"constructor":1,"toString":2,"":3}}', { counts: { constructor: 1, toString: 2, '': 3 } }],
    ['{"settings":{"":[[],{"a":null}],"b":1e-7}}', { settings: { '': [[], { a: null }], b: 1e-7 } }],
    ['{"text":null,"tags":null,"deposit":null}', { text: '', tags: [] }],
  ])('is kept: %s', (text, expected) => {
    expect(echo(text)).toMatchObject(expected);
  });

  it('is written with all its digits, also where a JSON number in JavaScript has fewer', () => {
    const message = create(KindsSchema, { big: -9223372036854775808n, ubig: 18446744073709551615n });
    expect(codec.encode(message)).toContain('"big":-9223372036854775808,"ubig":18446744073709551615');
  });

  it('is not written where it has no JSON form', () => {
    const late = create(KindsSchema, { startAt: { seconds: 253_402_300_800n } });
    expect(() => codec.encode(late)).toThrow(RangeError);
    expect(codec.encode(create(KindsSchema, { anything: {} }))).toContain('"anything":null');
  });
});
