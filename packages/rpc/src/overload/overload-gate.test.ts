import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import type { LoopReading } from './event-loop.ts';
import { createOverloadGate, type OverloadGateOptions, type ShedReason } from './overload-gate.ts';
import { retryDelayOf } from './retry-delay.ts';

const unary = { kind: 'unary', isCritical: false } as const;

/** A gate whose readings and random numbers a test gives. */
function openGate(options: OverloadGateOptions = {}) {
  const shed: ShedReason[] = [];
  const state = { random: 0.5, stopped: false };
  let tell: ((reading: LoopReading) => void) | undefined;
  const gate = createOverloadGate({
    patienceMs: 0,
    random: () => state.random,
    onShed: (reason) => shed.push(reason),
    watch: (onReading) => {
      tell = onReading;
      return () => {
        state.stopped = true;
      };
    },
    ...options,
  });
  return {
    gate,
    shed,
    state,
    overload: (times = 1) => repeat(times, () => tell?.({ at: 0, delayMs: 900, utilization: 1 })),
  };
}

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run();
}

describe('createOverloadGate', () => {
  it('refuses a share of the calls in an overload, and never a critical one', () => {
    const { gate, shed, state, overload } = openGate();
    overload(3);
    expect(gate.share).toBeCloseTo(0.343);
    expect(gate.enter(unary)).toBe('delay');
    expect(gate.enter({ ...unary, isCritical: true })).toBeUndefined();
    state.random = 0.3;
    expect(gate.enter(unary)).toBeUndefined();
    expect([gate.inFlight('unary'), shed]).toEqual([2, ['delay']]);
  });

  it('refuses a call that nobody would wait for until its turn', () => {
    const { gate, state, overload } = openGate();
    overload();
    state.random = 0;
    expect(gate.enter({ ...unary, remainingMs: 899 })).toBe('delay');
    expect(gate.enter({ ...unary, remainingMs: 901 })).toBeUndefined();
  });

  it('refuses what comes after its deadline, critical or not, without an overload', () => {
    const { gate } = openGate();
    expect(gate.enter({ ...unary, remainingMs: 0 })).toBe('late');
    expect(gate.enter({ kind: 'stream', isCritical: true, remainingMs: -1 })).toBe('late');
    expect(gate.toError('late').code).toBe(Code.DeadlineExceeded);
  });

  it('limits the calls in flight, streams apart, and takes the next when one has left', () => {
    const { gate, shed } = openGate({ maxConcurrentCalls: 2 });
    repeat(2, () => gate.enter(unary));
    expect(gate.enter(unary)).toBe('calls');
    expect(gate.enter({ ...unary, isCritical: true })).toBeUndefined();
    expect(gate.enter({ kind: 'stream', isCritical: false })).toBeUndefined();
    repeat(2, () => gate.leave('unary'));
    expect(gate.enter(unary)).toBeUndefined();
    expect(shed).toEqual(['calls']);
  });

  it('says when to try again', () => {
    const error = openGate().gate.toError('delay');
    expect([error.code, retryDelayOf(error)]).toEqual([Code.Unavailable, 1_000]);
  });

  it('is open when it is closed or switched off', () => {
    const { gate, state, overload } = openGate();
    overload(9);
    gate.close();
    expect([gate.enter(unary), gate.share, state.stopped]).toEqual([undefined, 1, true]);
    const off = openGate({ maxDelayMs: 0, maxConcurrentCalls: 0 });
    off.overload(9);
    repeat(5_000, () => off.gate.enter(unary));
    expect(off.shed).toEqual([]);
  });
});
