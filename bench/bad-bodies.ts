// node bench/bad-bodies.ts: what the worst bodies of 256 KiB cost to read, beside JSON.parse. Work that grows faster than the body would show as a ratio
// far above the others'.

import { registry } from '@mawid/contracts';
import { createCodecs } from '../gateway/src/rest/codec/codecs.ts';
import { parseJson } from '../gateway/src/rest/codec/json-text.ts';

const size = 262_144;
const type = registry.getMessage('mawid.booking.v1.CreateBookingRequest');
if (type === undefined) throw new Error('the contract has no CreateBookingRequest');
const codec = createCodecs(registry)(type);

function fill(before: string, part: (index: number) => string, after: string): string {
  const parts: string[] = [];
  for (let length = before.length + after.length, index = 0; length < size - 64; index++) {
    const next = part(index);
    length += next.length + 1;
    parts.push(next);
  }
  return `${before}${parts.join(',')}${after}`;
}

const bodies: Readonly<Record<string, string>> = {
  'one text (a normal body)': `{"customer_note":"${'a'.repeat(size - 40)}"}`,
  'empty items': fill('{"items":[', () => '{}', ']}'),
  'items with an id': fill('{"items":[', () => '{"service_id":"0192f000-0000-7000-8000-000000000001"}', ']}'),
  'unknown names': fill('{', (index) => `"k${index}":1`, '}'),
  'names of numbers, by powers of two': fill('{', (index) => `"${index * 32_768}":1`, '}'),
  escapes: `{"customer_note":"${'\\u0061'.repeat(size / 6 - 10)}"}`,
  'texts with an escape each': fill('{"a":[', () => '"\\n"', ']}'),
  'quotes without an end': `{"customer_note":"${'\\"'.repeat(size / 2 - 20)}`,
  digits: `{"a":${'1'.repeat(size - 10)}}`,
  'digits behind the point': `{"a":0.${'0'.repeat(size - 10)}1}`,
  'small numbers': fill('{"a":[', () => '1', ']}'),
  'open brackets': '['.repeat(size),
  'many deep arrays': fill('{"a":[', () => `${'['.repeat(28)}${']'.repeat(28)}`, ']}'),
  spaces: `{${' '.repeat(size - 2)}}`,
};

for (const [name, text] of Object.entries(bodies)) {
  const native = cpuMs(() => JSON.parse(text));
  const ours = cpuMs(() => codec.decode(parseJson(text), { lenient: true }));
  const figures = [native.toFixed(2), ours.toFixed(2), (ours / native).toFixed(1)].map((each) => each.padStart(8));
  console.log(`${name.padEnd(38)}${figures[0]} ms JSON.parse ${figures[1]} ms ours ${figures[2]} ×`);
}

/** The least CPU of five runs, milliseconds; a refusal counts like an answer. */
function cpuMs(work: () => unknown): number {
  const runs = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    try {
      work();
    } catch {
      // Refused, as it should be.
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.max(0.01, Math.min(...runs));
}
