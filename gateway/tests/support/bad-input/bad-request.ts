import type { Binding } from '../../../src/rest/binding.ts';
import { findSpans, type Span, type Spans } from './json-spans.ts';
import { junkBodies, junkHeaders, junkNames, junkParameters, junkSegments, junkValues } from './junk.ts';
import { createRandom, type Random, seedOf } from './random.ts';
import { type KnownValues, type SampleRequest, sampleRequests } from './sample-request.ts';

/** Makes the requests of one route, each from its number alone: the bytes to send. */
export type RequestMaker = (number: number) => Buffer;

export interface MakerOptions {
  readonly seed: number;
  /** The header lines that let a caller in, such as Authorization; chosen anew for each request. */
  readonly credentials: readonly string[];
  /** Values for fields of these names, such as ids that exist; used in most samples. */
  readonly known?: KnownValues;
}

interface Prepared extends SampleRequest {
  readonly spans: Spans;
}

/** What is done to a request. Everything else stays as in a right one. */
const share = { untouched: 0.12, junkBody: 0.06, target: 0.25, header: 0.06 };

/** Prepares right requests of a route, and spoils a copy of one for each number. */
export function createRequestMaker(binding: Binding, options: MakerOptions): RequestMaker {
  const random = createRandom(seedOf(options.seed, 0));
  const samples = sampleRequests(binding, { random, known: options.known ?? {} }, 12).map((sample) => ({
    ...sample,
    spans: sample.body === '' ? { values: [], members: [] } : findSpans(sample.body),
  }));
  const names = binding.method.input.fields.map((field) => field.name);
  return (number) => {
    const chosen = createRandom(seedOf(options.seed, 1, number));
    return makeRequest(binding, chosen.pick(samples), { random: chosen, names, credentials: options.credentials });
  };
}

interface Making {
  readonly random: Random;
  readonly names: readonly string[];
  readonly credentials: readonly string[];
}

function makeRequest(binding: Binding, sample: Prepared, { random, names, credentials }: Making): Buffer {
  const isUntouched = random.chance(share.untouched);
  const hasBody = binding.bodyKind !== 'none';
  const spoilsTarget = !isUntouched && (!hasBody || random.chance(share.target));
  const target = spoilsTarget ? spoilTarget(sample, names, random) : targetOf(sample.path, sample.query);
  const body = !hasBody ? Buffer.alloc(0) : isUntouched ? Buffer.from(sample.body) : spoilBody(sample, random);
  const lines = [`${binding.httpMethod} ${target} HTTP/1.1`, 'Host: x', random.pick(credentials)];
  if (!isUntouched && random.chance(share.header)) lines.push(random.pick(junkHeaders));
  else if (hasBody) lines.push('Content-Type: application/json');
  if (hasBody) lines.push(`Content-Length: ${body.length}`);
  const head = lines.filter((line) => line !== '').join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]);
}

function targetOf(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}

function spoilTarget({ path, query }: SampleRequest, names: readonly string[], random: Random): string {
  if (random.chance(0.5)) return targetOf(spoilPath(path, random), query);
  const junk = random.pick(junkParameters).replaceAll('{name}', random.pick(names.length === 0 ? ['a'] : names));
  return targetOf(path, query === '' || random.chance(0.3) ? junk : `${query}&${junk}`);
}

function spoilPath(path: string, random: Random): string {
  const segments = path.split('/');
  // Most routes end for a path whose names are wrong; ids are what is worth spoiling.
  const ids = segments.flatMap((segment, index) => (/^[0-9a-f]{8}-|%|^[0-9]+$/.test(segment) ? [index] : []));
  const index = ids.length > 0 && random.chance(0.8) ? random.pick(ids) : 1 + random.below(segments.length);
  return segments
    .toSpliced(index, 1, random.pick(junkSegments))
    .join('/')
    .replace(/^(?!\/)/, '/');
}

function spoilBody(sample: Prepared, random: Random): Buffer {
  if (random.chance(share.junkBody)) return Buffer.from(random.pick(junkBodies));
  if (random.chance(0.15)) return spoilBytes(Buffer.from(sample.body), random);
  return Buffer.from(spoilText(sample, random));
}

/** One change, sometimes two, of values, names and members. */
function spoilText({ body, spans }: Prepared, random: Random): string {
  const { values, members } = spans;
  if (members.length === 0 || random.chance(0.5)) return replace(body, random.pick(values), random.pick(junkValues));
  const member = random.pick(members);
  switch (random.below(6)) {
    case 0:
      return replace(body, member.name, random.pick(junkNames));
    case 1:
      return insert(body, member.start, `${random.pick(junkNames)}:${random.pick(junkValues)},`);
    case 2:
      return insert(body, member.start, `${body.slice(member.start, member.end)},`);
    case 3:
      return removeMember(body, member);
    case 4:
      return replace(body, member.value, `[${body.slice(member.value.start, member.value.end)}]`);
    default:
      return replace(
        replace(body, member.value, 'null'),
        { start: body.length, end: body.length },
        random.pick(['', ' ', ',']),
      );
  }
}

function replace(text: string, { start, end }: Span, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function insert(text: string, position: number, added: string): string {
  return text.slice(0, position) + added + text.slice(position);
}

function removeMember(text: string, { start, end }: Span): string {
  if (text[end] === ',') return text.slice(0, start) + text.slice(end + 1);
  return text.slice(0, text[start - 1] === ',' ? start - 1 : start) + text.slice(end);
}

function spoilBytes(bytes: Buffer, random: Random): Buffer {
  const position = random.below(bytes.length);
  switch (random.below(4)) {
    case 0:
      return bytes.subarray(0, position);
    case 1:
      bytes[position] = random.below(256);
      return bytes;
    case 2:
      return Buffer.concat([
        bytes.subarray(0, position),
        Buffer.from([0xc0 + random.below(64)]),
        bytes.subarray(position),
      ]);
    default:
      return Buffer.concat([bytes.subarray(0, position), bytes.subarray(random.below(bytes.length))]);
  }
}
