import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InteropService } from '../gen/interop_pb.js';
import type { InteropCase } from './case.ts';
import { endingCases } from './ending-cases.ts';
import { metadataCases } from './metadata-cases.ts';
import { type Link, openLink, pairs } from './pairs.ts';
import { statusCases } from './status-cases.ts';
import { streamCases } from './stream-cases.ts';
import { unaryCases } from './unary-cases.ts';

const cases: readonly InteropCase[] = [...unaryCases, ...streamCases, ...metadataCases, ...statusCases, ...endingCases];

/** What the pair is documented to do with a case it cannot do; undefined when it can. */
function refusalOf({ needs }: InteropCase, { noBidi }: { noBidi?: string }): string | undefined {
  return needs === 'bidi' ? noBidi : undefined;
}

async function expectRefusal({ call }: Link): Promise<void> {
  async function* requests() {
    yield { answerSizes: [1] };
  }
  const { answers, error } = await call(InteropService.method.fullDuplexCall, requests());
  expect(answers).toEqual([]);
  expect(error?.message).toMatch(/505/);
}

describe.each(pairs)('interop: $name', (pair) => {
  let plain: Link;
  let gzip: Link;
  beforeAll(async () => {
    [plain, gzip] = await Promise.all([openLink(pair), openLink(pair, true)]);
  });
  afterAll(async () => {
    await Promise.all([plain.close(), gzip.close()]);
  });

  for (const each of cases) {
    const refusal = refusalOf(each, pair.traits);
    const title = refusal === undefined ? each.name : `${each.name} (refused: ${refusal})`;
    it(title, () => {
      const link = each.needs === 'gzip' ? gzip : plain;
      return refusal === undefined ? each.run(link) : expectRefusal(link);
    });
  }
});
