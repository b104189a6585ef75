import { create, createRegistry, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { anyPack, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { KindsSchema, MoneySchema } from '../../../tests/gen/gateway/test/v1/kinds_pb.js';
import { createCodecs } from './codecs.ts';
import { DecodeError } from './decode-error.ts';
import { parseJson } from './json-text.ts';

const registry = createRegistry(KindsSchema, MoneySchema);
const codec = createCodecs(registry)(KindsSchema);

function decode(text: string, lenient = false): unknown {
  return codec.decode(parseJson(text), { lenient });
}

function refusal(text: string): string {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof DecodeError) return `${error.field} ${error.rule}`;
    throw error;
  }
  return 'accepted';
}

const accepted: [string, MessageInitShape<typeof KindsSchema>][] = [
  ['{}', {}],
  [' {"text" : "a\\u0041\\ud83d\\ude00\\n"} ', { text: 'aA😀\n' }],
  ['{"flag":true,"small":-2147483648,"unsigned":4294967295}', { flag: true, small: -2147483648, unsigned: 4294967295 }],
  ['{"small":1e2,"real":-1.5e-3,"single":0.5}', { small: 100, real: -0.0015, single: 0.5 }],
  ['{"real":"NaN","single":"-Infinity"}', { real: Number.NaN, single: Number.NEGATIVE_INFINITY }],
  ['{"big":9007199254740991,"ubig":"12"}', { big: 9007199254740991n, ubig: 12n }],
  ['{"raw":"aGk_"}', { raw: new Uint8Array([104, 105, 63]) }],
  ['{"colour":"dark_green","colours":["red","COLOUR_RED"]}', { colour: 2, colours: [1, 1] }],
  ['{"loose":"plain"}', { loose: 1 }],
  ['{"price":{"amount":11500,"currency":"SAR"}}', { price: { amount: 11500n, currency: 'SAR' } }],
  ['{"prices":[{"amount":1}],"tags":["a","b"]}', { prices: [{ amount: 1n }], tags: ['a', 'b'] }],
  [
    '{"counts":{"a":1},"by_number":{"-7":{"amount":2}},"byFlag":{"true":"x"}}',
    { counts: { a: 1 }, byNumber: { '-7': { amount: 2n } }, byFlag: { true: 'x' } },
  ],
  ['{"nickname":"","score":0,"favourite":"unspecified"}', { nickname: '', score: 0n, favourite: 0 }],
  ['{"nickname":null,"price":null,"tags":null,"counts":null,"small":null}', {}],
  ['{"email_address":"a@b"}', { contact: { case: 'emailAddress', value: 'a@b' } }],
  ['{"emailAddress":"a@b","deposit":null}', { contact: { case: 'emailAddress', value: 'a@b' } }],
  ['{"boxed_contact":"x"}', { contact: { case: 'boxedContact', value: { value: 'x' } } }],
  ['{"start_at":"2026-11-22T21:30:00.5+03:00"}', { startAt: { seconds: 1795372200n, nanos: 500000000 } }],
  [
    '{"length":"-1.5s","mask":"displayName,price.amount"}',
    { length: { seconds: -1n, nanos: -500000000 }, mask: { paths: ['display_name', 'price.amount'] } },
  ],
  [
    '{"boxed_text":"","boxed_big":5,"boxed_flag":false,"boxes":["a"]}',
    { boxedText: '', boxedBig: 5n, boxedFlag: false, boxes: [{ value: 'a' }] },
  ],
  [
    '{"settings":{"a":[1,null,{"b":true}]},"many_settings":[{}]}',
    { settings: { a: [1, null, { b: true }] }, manySettings: [{}] },
  ],
  ['{"anything":null}', { anything: { kind: { case: 'nullValue', value: 0 } } }],
  ['{"otherName":"x"}', { renamed: 'x' }],
  ['{"child":{"child":{"text":"deep"}}}', { child: { child: { text: 'deep' } } }],
];

const refused: [string, string][] = [
  ['', ' json.syntax'],
  ['{', ' json.syntax'],
  ['{"text":"a"}x', ' json.syntax'],
  ['{"text":"a",}', ' json.syntax'],
  ["{'text':'a'}", ' json.syntax'],
  ['{"small":01}', ' json.syntax'],
  ['{"small":.5}', 'small json.syntax'],
  ['{"text":"\t"}', 'text json.syntax'],
  ['{"text":"\\x"}', 'text json.syntax'],
  ['{"text":"unfinished', 'text json.syntax'],
  ['{"text":"unfinished\\', 'text json.syntax'],
  ['[]', ' type.object'],
  ['null', ' type.object'],
  ['"x"', ' type.object'],
  ['{"text":"a","text":"b"}', 'text json.duplicate_key'],
  ['{"email_address":"a","emailAddress":"b"}', 'email_address json.duplicate_key'],
  ['{"child":{"text":"\\ud800"}}', 'child.text json.surrogate'],
  ['{"\\udc00":1}', ' json.surrogate'],
  ['{"real":1e400}', 'real json.number_range'],
  ['{"single":1e300}', 'single json.number_range'],
  ['{"text":1}', 'text type.string'],
  ['{"flag":"true"}', 'flag type.boolean'],
  ['{"small":"1"}', 'small type.integer'],
  ['{"small":1.5}', 'small type.integer'],
  ['{"small":2147483648}', 'small integer.range'],
  ['{"unsigned":-1}', 'unsigned integer.range'],
  ['{"big":9007199254740992}', 'big integer.range'],
  ['{"big":"9223372036854775807"}', 'big integer.range'],
  ['{"big":1.1}', 'big type.integer'],
  ['{"ubig":-1}', 'ubig integer.range'],
  ['{"real":"1"}', 'real type.number'],
  ['{"raw":"*"}', 'raw type.bytes'],
  ['{"raw":"aaaaa"}', 'raw type.bytes'],
  ['{"colour":"blue"}', 'colour enum.value'],
  ['{"colour":"RED"}', 'colour enum.value'],
  ['{"colour":1}', 'colour enum.value'],
  ['{"colours":["red",null]}', 'colours[1] enum.value'],
  ['{"price":[]}', 'price type.object'],
  ['{"prices":[{},{"amount":"x"}]}', 'prices[1].amount type.integer'],
  ['{"prices":{}}', 'prices type.array'],
  ['{"tags":[null]}', 'tags[0] type.string'],
  ['{"counts":{"a":null}}', 'counts.a type.integer'],
  ['{"by_number":{"x":{}}}', 'by_number.x type.integer'],
  ['{"by_flag":{"yes":""}}', 'by_flag.yes type.boolean'],
  ['{"email_address":"a","deposit":{}}', 'deposit oneof'],
  ['{"start_at":"2026-11-22"}', 'start_at timestamp'],
  ['{"start_at":"2026-11-22T18:30:00"}', 'start_at timestamp'],
  ['{"start_at":"2026-02-30T18:30:00Z"}', 'start_at timestamp'],
  ['{"start_at":"2026-11-22T24:30:00Z"}', 'start_at timestamp'],
  ['{"start_at":0}', 'start_at timestamp'],
  ['{"times":["2026-11-22T18:30:00Z","x"]}', 'times[1] timestamp'],
  ['{"length":"1m"}', 'length duration'],
  ['{"mask":"a,,b"}', 'mask field_mask'],
  ['{"settings":[]}', 'settings type.object'],
  ['{"list":{}}', 'list type.array'],
  ['{"packed":{"text":""}}', 'packed any.type'],
  ['{"packed":{"@type":"x/gateway.test.v1.Money","amont":1}}', 'packed.amont unknown_field'],
  ['{"Text":"a"}', 'Text unknown_field'],
  ['{"price":{"vat":1}}', 'price.vat unknown_field'],
  ['{"__proto__":{"x":1}}', '__proto__ json.key'],
  ['{"counts":{"__proto__":7}}', 'counts.__proto__ json.key'],
  ['{"settings":{"a":[{"\\u005f_proto__":{}}]}}', 'settings.a[0].__proto__ json.key'],
  ['{"constructor":1}', 'constructor unknown_field'],
  [`${'{"child":'.repeat(33)}{}${'}'.repeat(33)}`, `${'child.'.repeat(31)}child json.depth`],
];

describe('JSON codecs', () => {
  it.each(accepted)('read %s', (text, expected) => {
    const message = decode(text) as never;
    expect(message).toEqual(create(KindsSchema, expected));
    // What was built by hand must also be what the binary codec takes.
    expect(fromBinary(KindsSchema, toBinary(KindsSchema, message))).toEqual(message);
  });

  it.each(refused)('refuse %s', (text, expected) => {
    expect(refusal(text)).toBe(expected);
  });

  it('ignore unknown members where they are told to', () => {
    expect(decode('{"nope":{"a":1},"text":"a","price":{"vat":1}}', true)).toEqual(
      create(KindsSchema, { text: 'a', price: {} }),
    );
  });

  it('take whole numbers as text where they are told to, and nothing else', () => {
    expect(decode('{"text":123456}', true)).toEqual(create(KindsSchema, { text: '123456' }));
    expect(refusal('{"text":123456}')).toBe('text type.string');
    expect(() => decode('{"text":true}', true)).toThrow();
    expect(() => decode('{"text":1.5}', true)).toThrow();
  });

  it('write every field but unset messages and unset optional fields', () => {
    expect(JSON.parse(codec.encode(create(KindsSchema)))).toEqual({
      text: '',
      flag: false,
      small: 0,
      unsigned: 0,
      zigzag: 0,
      fixed: 0,
      big: 0,
      ubig: 0,
      real: 0,
      single: 0,
      raw: '',
      colour: 'unspecified',
      tags: [],
      prices: [],
      colours: [],
      counts: {},
      by_number: {},
      by_flag: {},
      times: [],
      boxes: [],
      loose: 'unspecified',
      nothing: null,
      many_settings: [],
      reals: [],
      renamed: '',
    });
  });

  it('write what was read', () => {
    const message = create(KindsSchema, {
      text: 'quote " slash \\ line \n é 😀',
      big: 9007199254740993n,
      real: Number.NaN,
      colour: 2,
      nickname: '',
      score: 0n,
      raw: new Uint8Array([255]),
      price: { amount: 5n },
      contact: { case: 'boxedContact', value: { value: 'x' } },
      startAt: timestampFromDate(new Date('2026-11-22T18:30:00.120Z')),
      length: { seconds: -1n, nanos: -500000000 },
      mask: { paths: ['a_b', 'c'] },
      boxedText: '',
      boxedBig: 3n,
      settings: { a: [1] },
      boxes: [{ value: 'y' }],
      anything: { kind: { case: 'boolValue', value: true } },
      byNumber: { 3: { amount: 1n } },
      packed: anyPack(MoneySchema, create(MoneySchema, { amount: 7n, currency: 'SAR' })),
    });
    const text = codec.encode(fromBinary(KindsSchema, toBinary(KindsSchema, message)));
    expect(text).toContain('"big":9007199254740993');
    expect(JSON.parse(text)).toMatchObject({
      text: 'quote " slash \\ line \n é 😀',
      real: 'NaN',
      colour: 'dark_green',
      nickname: '',
      score: 0,
      raw: '/w==',
      price: { amount: 5, currency: '' },
      boxed_contact: 'x',
      start_at: '2026-11-22T18:30:00.120Z',
      length: '-1.500s',
      mask: 'a_b,c',
      boxed_text: '',
      boxed_big: 3,
      settings: { a: [1] },
      boxes: ['y'],
      anything: true,
      by_number: { 3: { amount: 1, currency: '' } },
      packed: { '@type': 'type.googleapis.com/gateway.test.v1.Money', amount: 7, currency: 'SAR' },
    });
  });

  it('write an enum value that this build does not know as its number', () => {
    expect(codec.encode(create(KindsSchema, { colour: 99 as never }))).toContain('"colour":99');
  });
});
