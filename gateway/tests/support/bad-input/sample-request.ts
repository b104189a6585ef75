import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { createValidator } from '@bufbuild/protovalidate';
import { registry } from '@mawid/contracts';
import type { Binding } from '../../../src/rest/binding.ts';
import { parseRequestPath } from '../../../src/rest/request-path.ts';
import type { Random } from './random.ts';

/** A request that its route decodes and its rules allow. */
export interface SampleRequest {
  readonly path: string;
  readonly query: string;
  /** JSON without spaces; empty for a route without a body. */
  readonly body: string;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Values by the field's name. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

export interface Sampling {
  readonly random: Random;
  readonly known: KnownValues;
}

const validator = createValidator({ registry });
const hints: readonly [RegExp, readonly string[]][] = [
  [/(?:^|_)ids?$/, ['0192f000-0000-7000-8000-000000000001', '0192f000-0000-7000-8000-000000000002']],
  [/phone/, ['+966512345678', '0512345678']],
  [/email/, ['sara@example.com']],
  [/currency/, ['SAR']],
  [/opens|start_time/, ['09:00']],
  [/closes|end_time/, ['21:00']],
  [/vat_number/, ['300000000000003']],
  [/(?:^|_)(?:date|day|from_date|until_date)$/, ['2026-12-01']],
  [/time_zone/, ['Asia/Riyadh']],
  [/provider/, ['google', 'apple']],
  [/language|locale/, ['ar', 'en']],
  [/url|uri/, ['https://example.com/a']],
  [/code/, ['123456']],
];
const texts = ['Huda', 'قص شعر', 'a', '0192f000-0000-7000-8000-000000000003', '2026-12-01', '09:00', 'SAR', ''];
const wellKnown: Record<string, readonly Json[]> = {
  'google.protobuf.Timestamp': ['2026-12-01T09:00:00Z', '2026-12-02T12:30:00+03:00'],
  'google.protobuf.Duration': ['90s', '1.5s'],
  'google.protobuf.FieldMask': ['name', ''],
  'google.protobuf.Struct': [{}, { a: [1] }],
  'google.protobuf.Value': [1, 'a', null],
  'google.protobuf.ListValue': [[], [1]],
  'google.protobuf.Any': [{}],
};

/** Makes up to `count` requests of a route that are right in every respect. Throws where none is found. */
export function sampleRequests(binding: Binding, sampling: Sampling, count: number): SampleRequest[] {
  const found: SampleRequest[] = [];
  let problem: unknown;
  for (let tries = 0; tries < 3_000 && found.length < count; tries++) {
    const sample = toRequest(binding, sampleObject(binding.method.input, sampling, 3));
    problem = problemOf(binding, sample);
    if (problem === undefined) found.push(sample);
  }
  if (found.length === 0) throw new Error(`no valid request of ${binding.route} was found`, { cause: problem });
  return found;
}

function problemOf(binding: Binding, { path, query, body }: SampleRequest): unknown {
  const parsed = parseRequestPath(path);
  if (parsed === undefined) return new Error(`${path} is no path`);
  try {
    const parts = { path: parsed, query, body: Buffer.from(body), contentType: 'application/json' };
    const result = validator.validate(binding.method.input, binding.decode(parts));
    return result.kind === 'valid' ? undefined : result.error;
  } catch (error) {
    return error;
  }
}

function toRequest({ route, bodyKind, bodyField }: Binding, object: Record<string, Json>): SampleRequest {
  const rest = { ...object };
  const path = route.replaceAll(/\{([a-z_.]+)(?:=[^}]*)?\}/g, (_, name: string) => {
    delete rest[name];
    return encodeURIComponent(String(object[name] ?? 'a'));
  });
  if (bodyKind === 'none') return { path, query: toQuery(rest), body: '' };
  if (bodyField === '') return { path, query: '', body: JSON.stringify(rest) };
  const { [bodyField]: body = {}, ...others } = rest;
  return { path, query: toQuery(others), body: JSON.stringify(body) };
}

function toQuery(object: Record<string, Json>): string {
  const pairs = Object.entries(object).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => typeof each !== 'object')
      .map((each) => `${name}=${encodeURIComponent(String(each))}`),
  );
  return pairs.join('&');
}

function sampleObject(type: DescMessage, sampling: Sampling, depth: number): Record<string, Json> {
  const object: Record<string, Json> = {};
  const used = new Set<unknown>();
  for (const field of type.fields) {
    const isNeeded = sampling.random.chance(field.name.endsWith('_id') || field.name === 'id' ? 0.9 : 0.7);
    if (!isNeeded || (field.oneof && used.has(field.oneof)) || (field.message && depth === 0)) continue;
    used.add(field.oneof);
    object[field.name] = sampleWhole(field, sampling, depth);
  }
  return object;
}

function sampleWhole(field: DescField, sampling: Sampling, depth: number): Json {
  if (field.fieldKind === 'map') return {};
  if (field.fieldKind !== 'list') return sampleOne(field, sampling, depth);
  return Array.from({ length: 1 + sampling.random.below(2) }, () => sampleOne(field, sampling, depth));
}

function sampleOne(field: DescField, sampling: Sampling, depth: number): Json {
  if (field.enum) return sampling.random.pick(field.enum.values.slice(1)).name;
  if (!field.message) return sampleScalar(field.name, field.scalar as ScalarType, sampling);
  const known = wellKnown[field.message.typeName];
  if (known) return sampling.random.pick(known);
  if (isWrapperDesc(field.message))
    return sampleScalar(field.name, field.message.fields[0]?.scalar as ScalarType, sampling);
  return sampleObject(field.message, sampling, depth - 1);
}

function sampleScalar(name: string, type: ScalarType, { random, known }: Sampling): Json {
  switch (type) {
    case ScalarType.STRING:
      if (known[name] !== undefined && random.chance(0.8)) return random.pick(known[name]);
      return random.pick(hints.find(([pattern]) => pattern.test(name))?.[1] ?? texts);
    case ScalarType.BYTES:
      return 'aGk=';
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return random.pick([24.7, 46.6, 10, 0]);
    default:
      return random.pick([1, 2, 10, 30, 60, 11_500]);
  }
}
