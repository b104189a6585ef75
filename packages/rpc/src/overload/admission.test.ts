import { describe, expect, it } from '@jest/globals';
import { type Admission, createAdmission, minShare } from './admission.ts';

const rules = { maxDelayMs: 200, patienceMs: 1_000 };

/** Shows the same reading so many times, every `everyMs` after `from`. */
function show(
  admission: Admission,
  readings: { times: number; delayMs: number; utilization?: number; from?: number; everyMs?: number },
): void {
  const { times, delayMs, utilization = 1, from = 0, everyMs = 100 } = readings;
  for (let i = 1; i <= times; i++) admission.observe({ at: from + i * everyMs, delayMs, utilization });
}

describe('admission', () => {
  it('lets everything in while the delay stays below the limit, however busy the loop is', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 1_000, delayMs: 199 });
    expect(admission.share).toBe(1);
  });

  it('never refuses on a loop that has time left, however late the machine makes its timers', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 1_000, delayMs: 5_000, utilization: 0.5 });
    expect(admission.share).toBe(1);
  });

  it('refuses nobody for one long pause', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 1, delayMs: 30_000, from: 30_000 });
    show(admission, { times: 100, delayMs: 1, from: 30_100 });
    expect(admission.share).toBe(1);
  });

  it('begins to refuse when the overload has lasted', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 10, delayMs: 300 });
    expect(admission.share).toBe(1);
    show(admission, { times: 1, delayMs: 300, from: 1_000 });
    expect(admission.share).toBeCloseTo(0.7);
  });

  it('starts to wait anew after a good moment', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 10, delayMs: 300 });
    show(admission, { times: 1, delayMs: 150, from: 1_000 });
    show(admission, { times: 10, delayMs: 300, from: 1_100 });
    expect(admission.share).toBe(1);
  });

  it('goes down to the smallest share and no further', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 100, delayMs: 10_000 });
    expect(admission.share).toBe(minShare);
  });

  it('holds its share between half the limit and the limit', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 13, delayMs: 300 });
    const { share } = admission;
    show(admission, { times: 100, delayMs: 150, from: 1_300 });
    expect(admission.share).toBe(share);
    expect(share).toBeLessThan(1);
  });

  it('comes back to everything, step by step', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 100, delayMs: 1_000 });
    show(admission, { times: 19, delayMs: 0, from: 10_000 });
    expect(admission.share).toBeLessThan(1);
    show(admission, { times: 1, delayMs: 0, from: 12_000 });
    expect(admission.share).toBe(1);
  });

  it('comes back on an idle loop whose timers are late', () => {
    const admission = createAdmission(rules);
    show(admission, { times: 100, delayMs: 1_000 });
    show(admission, { times: 20, delayMs: 1_000, utilization: 0.1, from: 10_000 });
    expect(admission.share).toBe(1);
  });

  it('can be switched off', () => {
    const admission = createAdmission({ ...rules, maxDelayMs: 0 });
    show(admission, { times: 100, delayMs: 10_000 });
    expect(admission.share).toBe(1);
  });

  it.each([1.5, 3, 10])('settles around what the process can do when %d times as much arrives', (load) => {
    const admission = createAdmission(rules);
    const shares: number[] = [];
    let backlogMs = 0;
    // A model: a window brings `load` windows of work, of which the admitted share is done; the rest waits.
    for (let i = 0; i < 600; i++) {
      backlogMs = Math.max(0, backlogMs + (load * admission.share - 1) * 100);
      admission.observe({ at: i * 100, delayMs: backlogMs, utilization: 1 });
      if (i >= 300) shares.push(admission.share);
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean * load).toBeGreaterThan(0.6);
    expect(mean * load).toBeLessThan(1.1);
    expect(backlogMs).toBeLessThan(5_000);
  });
});
