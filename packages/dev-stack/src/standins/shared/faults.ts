import { toPattern } from './router.ts';

/** One misbehaviour, asked for through `POST /_control`. */
export interface Fault {
  readonly mode: string;
  /** `POST /v1/payments/{id}/refund` or with `*` segments; without it every provider route is meant. */
  readonly match?: string;
  /** How long: the delay of `slow`, the silence before the socket dies, the window of a shuffle. */
  readonly ms?: number;
  /** Status of `error`. */
  readonly status?: number;
  /** How often it still strikes; without it until it is cleared. */
  readonly times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  /** The first fault of one of these modes that meets the call; uses up one of its times. */
  take(modes: readonly string[], call?: string): Fault | undefined;
  list(): Fault[];
  clear(): void;
}

export function createFaults(): Faults {
  let active: Fault[] = [];
  return {
    add: (fault) => void active.push(fault),
    take(modes, call) {
      const found = active.find((fault) => modes.includes(fault.mode) && meets(fault, call));
      if (found !== undefined) active = active.flatMap((fault) => (fault === found ? spend(fault) : [fault]));
      return found;
    },
    list: () => [...active],
    clear() {
      active = [];
    },
  };
}

function meets(fault: Fault, call: string | undefined): boolean {
  if (fault.match === undefined || call === undefined) return true;
  return toPattern(fault.match).test(call);
}

function spend(fault: Fault): Fault[] {
  if (fault.times === undefined) return [fault];
  return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
}
