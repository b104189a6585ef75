import {
  create,
  createRegistry,
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type Message,
  ScalarType,
  toBinary,
  toJsonString,
} from '@bufbuild/protobuf';
import { anyPack, isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { registry as contract } from '@mawid/contracts';
import fc from 'fast-check';
import { KindsSchema, MoneySchema } from '../../../tests/gen/gateway/test/v1/kinds_pb.js';
import { createCodecs } from './codecs.ts';
import { parseJson } from './json-text.ts';

const registry = createRegistry(...contract, KindsSchema, MoneySchema);
const codecs = createCodecs(registry);

/** Every message that a REST client can meet, and the one of the tests that has every kind of field. */
const types = [...registry].filter(
  (each): each is DescMessage => each.kind === 'message' && /^(?:mawid|gateway\.test)\./.test(each.typeName),
);

const longs = { signed: fc.maxSafeInteger().map(BigInt), unsigned: fc.maxSafeNat().map(BigInt) };
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const uint32 = fc.nat({ max: 0xffffffff });
const scalars: Record<ScalarType, fc.Arbitrary<unknown>> = {
  [ScalarType.STRING]: fc.string({ unit: 'binary' }).filter((text) => text !== '__proto__'),
  [ScalarType.BYTES]: fc.uint8Array({ maxLength: 40 }),
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.DOUBLE]: fc.double(),
  [ScalarType.FLOAT]: fc.float(),
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: longs.signed,
  [ScalarType.SINT64]: longs.signed,
  [ScalarType.SFIXED64]: longs.signed,
  [ScalarType.UINT64]: longs.unsigned,
  [ScalarType.FIXED64]: longs.unsigned,
};

const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).map(BigInt);
const nanos = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999 }));
// JSON.stringify, which writes free-form values, writes -0 as 0.
const plainNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
const plainJson = fc.object({
  maxDepth: 3,
  key: fc.string().filter((key) => key !== '__proto__'),
  values: [fc.string(), fc.boolean(), fc.integer(), fc.constant(null), plainNumber],
});

/** Types with a JSON form of their own; those whose JSON is read into them by protobuf-es are made from it. */
const wellKnown: Record<string, (type: DescMessage) => fc.Arbitrary<unknown>> = {
  'google.protobuf.Timestamp': (type) =>
    fc
      .tuple(seconds, nanos)
      .map(([each, rest]) => create(type, { seconds: each, nanos: rest } as Record<string, unknown>)),
  'google.protobuf.Duration': (type) =>
    fc
      .tuple(fc.integer({ min: -315_575_999_999, max: 315_575_999_999 }), nanos)
      .map(([each, rest]) =>
        create(type, { seconds: BigInt(each), nanos: each < 0 ? -rest : rest } as Record<string, unknown>),
      ),
  'google.protobuf.FieldMask': (type) =>
    fc
      .array(fc.stringMatching(/^[a-z]{1,5}(_[a-z]{1,5})?(\.[a-z]{1,5})?$/), { maxLength: 3 })
      .map((paths) => create(type, { paths } as Record<string, unknown>)),
  'google.protobuf.Struct': () => plainJson,
  'google.protobuf.Value': (type) =>
    fc.oneof(plainJson, fc.constant(null)).map((json) => fromJson(type, json as never)),
  'google.protobuf.ListValue': (type) =>
    fc.array(plainJson, { maxLength: 3 }).map((json) => fromJson(type, json as never)),
  'google.protobuf.Any': () =>
    fc
      .record({ amount: longs.signed, currency: fc.string() })
      .map((money) => anyPack(MoneySchema, create(MoneySchema, money))),
};

function singleOf(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.enum) return fc.constantFrom(...field.enum.values.map((value) => value.number));
  if (!field.message) return scalars[field.scalar as ScalarType];
  const known = wellKnown[field.message.typeName];
  if (known) return known(field.message);
  if (!isWrapperDesc(field.message)) return messageOf(field.message, depth - 1);
  const bare = singleOf(field.message.fields[0] as DescField, depth);
  const { message } = field;
  const isBoxed = field.fieldKind !== 'message' || field.oneof !== undefined;
  return isBoxed ? bare.map((value) => create(message, { value } as Record<string, unknown>)) : bare;
}

function wholeOf(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const single = singleOf(field, depth);
  if (field.fieldKind === 'list') return fc.array(single, { maxLength: 3 });
  if (field.fieldKind === 'map') return fc.dictionary(keyOf(field.mapKey), single, { maxKeys: 3 });
  return single;
}

function keyOf(type: ScalarType): fc.Arbitrary<string> {
  return scalars[type].map(String);
}

function messageOf(type: DescMessage, depth: number): fc.Arbitrary<Message> {
  const singles = type.fields.filter((field) => !field.oneof && (depth > 0 || !field.message));
  const fields = fc.record(Object.fromEntries(singles.map((field) => [field.localName, wholeOf(field, depth)])), {
    requiredKeys: [],
  });
  const oneofs = type.oneofs.map((oneof) =>
    fc.oneof(
      fc.constant({}),
      ...oneof.fields
        .filter((field) => depth > 0 || !field.message)
        .map((field) =>
          wholeOf(field, depth).map((value) => ({ [oneof.localName]: { case: field.localName, value } })),
        ),
    ),
  );
  return fc.tuple(fields, ...oneofs).map((parts) => create(type, Object.assign({}, ...parts)));
}

/** NaN is not equal to itself, but its bytes are. */
function bytesOf(type: DescMessage, message: unknown): string {
  return Buffer.from(toBinary(type, message as Message)).toString('hex');
}

function readBack(type: DescMessage, text: string): unknown {
  return codecs(type).decode(parseJson(text), { lenient: false });
}

/** Whether protobuf-es reads our JSON: it knows neither our enum labels nor snake_case in field masks. */
function isPlain(type: DescMessage, seen = new Set<string>()): boolean {
  if (seen.has(type.typeName)) return true;
  seen.add(type.typeName);
  return type.fields.every(
    (field) =>
      (!field.enum || field.enum.typeName === 'google.protobuf.NullValue') &&
      field.message?.typeName !== 'google.protobuf.FieldMask' &&
      (!field.message || isPlain(field.message, seen)),
  );
}

describe('any message of the contract', () => {
  it('has types to be tested with', () => {
    expect(types.length).toBeGreaterThan(50);
    expect(types.filter((type) => isPlain(type)).length).toBeGreaterThan(20);
  });

  it.each(types.map((type) => [type.typeName, type] as const))('%s is what was written when it is read', (_, type) => {
    const runs = type === KindsSchema ? 300 : 40;
    fc.assert(
      fc.property(messageOf(type, 2), (message) => {
        // As it comes from a service.
        const received = fromBinary(type, toBinary(type, message));
        const text = codecs(type).encode(received);
        JSON.parse(text);
        expect(bytesOf(type, readBack(type, text))).toBe(bytesOf(type, message));
      }),
      { numRuns: runs },
    );
  });

  it.each(types.map((type) => [type.typeName, type] as const))('%s is read from canonical ProtoJSON', (_, type) => {
    fc.assert(
      fc.property(messageOf(type, 2), fc.boolean(), (message, useProtoFieldName) => {
        const text = toJsonString(type, message, { registry, useProtoFieldName });
        // protobuf-es writes -0 as 0, so that its own reading is what counts.
        const expected = fromJson(type, JSON.parse(text), { registry });
        expect(bytesOf(type, readBack(type, text))).toBe(bytesOf(type, expected));
      }),
      { numRuns: 40 },
    );
  });

  it.each(types.filter((type) => isPlain(type)).map((type) => [type.typeName, type] as const))(
    '%s is understood by other readers of ProtoJSON',
    (_, type) => {
      fc.assert(
        fc.property(messageOf(type, 2), (message) => {
          const json = JSON.parse(codecs(type).encode(message));
          expect(bytesOf(type, fromJson(type, json, { registry }))).toBe(bytesOf(type, message));
        }),
        { numRuns: 40 },
      );
    },
  );
});
