import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CalendarSalon } from './calendar.ts';
import {
  createSchedule,
  decideStart,
  type FreeItem,
  overrideRules,
  type StartRules,
  toBookableSpan,
  walkInRules,
} from './decide-start.ts';
import { overlapsSpan } from './interval.ts';
import { findStarts, listStarts } from './list-starts.ts';
import { type BookingPlan, planBooking } from './plan-booking.ts';
import { planVisit } from './plan-visit.ts';
import { type Situation, situation } from './random-calendar.test-support.ts';
import { createReference, type Reference, type ReferenceItem } from './reference-slots.test-support.ts';
import { toClaims } from './to-claims.ts';

const runs = 10_000;
const rules: StartRules[] = [{}, walkInRules, overrideRules, { ignoresHours: true }, { ignoresNotice: true }];

const toReferenceItems = (items: readonly FreeItem[]): ReferenceItem[] =>
  items.map(({ claim, free, freeResources }) => ({
    claim,
    staff: free.map(({ id }) => id),
    resources: freeResources.map((list) => list.map(({ id }) => id)),
  }));

const toAnswer = (plan: BookingPlan) => ('refusal' in plan ? plan.refusal : toReferenceItems(plan.items));

describe('listStarts, decideStart and planBooking', () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

  it(`decide as a walk through every minute does, in ${runs} calendars`, () => {
    const seed = Date.now() % 2 ** 31;
    console.error(`listStarts: ${runs} calendars, seed ${seed}`);
    const property = fc.property(situation, (each) => {
      const reference = createReference(each);
      const visit = planVisit(each.calendar, each.wanted, each);
      if (typeof reference === 'string') {
        count(reference);
        expect(visit).toEqual({ refusal: reference });
        return;
      }
      if ('refusal' in visit) throw new Error(`the visit was refused: ${visit.refusal}`);
      compareStarts(each, reference);
      for (const [index, at] of each.probes.entries()) {
        compareDecision(each, reference, { at, rules: rules[index % rules.length] as StartRules });
      }
    });
    fc.assert(property, { seed, numRuns: runs });
  }, 240_000);

  function compareStarts(each: Situation, reference: Reference) {
    const visit = planVisit(each.calendar, each.wanted);
    if ('refusal' in visit) throw new Error(visit.refusal);
    const schedule = createSchedule(each.calendar.salon, visit.items, each.span);
    const starts = listStarts(schedule, each.span, each.now);
    expect(findStarts(each.calendar.salon, visit.items, each)).toEqual(starts);
    const found = starts.map(({ at, items }) => ({ at, items: toReferenceItems(items) }));
    expect(found).toEqual(reference.list(each.span));
    for (const { items } of starts) {
      count('offered');
      expectAnyChoiceToBeFree(items);
    }
  }

  function compareDecision(each: Situation, reference: Reference, probe: { at: number; rules: StartRules }) {
    const expected = reference.decide(probe.at, probe.rules);
    const plan = planBooking(each.calendar, { ...each, startAt: probe.at, rules: probe.rules }, each.now);
    expect([probe.at, toAnswer(plan)]).toEqual([probe.at, expected]);
    count(typeof expected === 'string' ? expected : 'accepted');
    if ('items' in plan) expectAnyChoiceToBeFree(plan.items);
  }

  it('met every refusal, and offers enough to prove something', () => {
    const times = Object.fromEntries(seen);
    console.error(times);
    for (const what of ['SALON_NOT_BOOKABLE', 'SERVICE_NOT_OFFERED', 'STAFF_NOT_AVAILABLE', 'AUDIENCE_MISMATCH']) {
      expect([what, seen.get(what)]).toEqual([what, expect.any(Number)]);
    }
    const ofStarts = ['START_OFF_GRID', 'TOO_SHORT_NOTICE', 'TOO_FAR_AHEAD', 'OUTSIDE_WORKING_HOURS'];
    for (const what of [...ofStarts, 'STAFF_OFF', 'SLOT_TAKEN', 'RESOURCE_BUSY', 'accepted', 'offered']) {
      expect([what, (seen.get(what) ?? 0) >= runs / 100]).toEqual([what, true]);
    }
  });
});

// The first of all and the last of all: whoever and whatever is chosen, nothing meets a claim, nor itself.
function expectAnyChoiceToBeFree(items: readonly FreeItem[]) {
  for (const n of [0, -1]) {
    const chosen = items.map(({ claim, free, freeResources }) => ({
      claim,
      staff: free.at(n) as FreeItem['free'][number],
      resources: freeResources.map((list) => list.at(n) as (typeof list)[number]),
    }));
    const claims = toClaims(chosen);
    const subjects = new Map(
      chosen.flatMap(({ staff, resources }) => [staff, ...resources].map((s) => [s.id, s.busy])),
    );
    for (const [index, claim] of claims.entries()) {
      const next = claims[index + 1];
      const meetsNext = next?.subject === claim.subject && next.from < claim.to;
      if (meetsNext || overlapsSpan(subjects.get(claim.subject) ?? [], claim)) throw new Error('a claim meets another');
    }
  }
}

describe('decideStart', () => {
  it('is the one answer also for a moment that cannot be counted with', () => {
    const [each] = fc.sample(situation, { seed: 1, numRuns: 1 });
    if (!each) throw new Error('no situation');
    const schedule = createSchedule(each.calendar.salon, [], each.span);
    expect(decideStart(schedule, Number.NaN, each.now, overrideRules)).toEqual({ refusal: 'START_OFF_GRID' });
  });
});

describe('findStarts', () => {
  it('looks at no hours of days that cannot be booked', () => {
    const [each] = fc.sample(situation, { seed: 1, numRuns: 1 });
    if (!each) throw new Error('no situation');
    const salon: CalendarSalon = {
      ...each.calendar.salon,
      get hours(): never {
        throw new Error('the hours were looked at');
      },
    };
    const { to } = toBookableSpan(each.calendar.salon, each.now);
    const find = (from: number) => findStarts(salon, [], { span: { from, to: from + 31 * 86_400_000 }, now: each.now });
    expect(find(to)).toEqual([]);
    expect(() => find(to - 1)).toThrow('the hours were looked at');
  });
});
