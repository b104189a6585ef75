/** Codes that were checked. */
export interface CheckCount {
  accepted: number;
  wrong: number;
}

export interface SprayLimits {
  /** Wrong codes below which nothing is alarming, whatever their share. */
  minWrong: number;
  /** Share of the codes checked, of 1. */
  minShare: number;
}

/** Checks are counted in such slices of time, and looked at over such a window. */
export const checkSliceMs = 30_000;
export const checkWindowMs = 600_000;

/** Wrong codes of a network are counted in longer slices, for they are looked at over an hour. */
export const wrongSliceMs = 300_000;

/** The beginning of the slice that a time falls into. */
export function sliceOf(time: Date, lengthMs: number): Date {
  return new Date(Math.floor(time.getTime() / lengthMs) * lengthMs);
}

/**
 * Whether so many of the codes are wrong that somebody must be trying them on many phones: people mistype one in ten, and nearly
 * all who do are right the next time.
 */
export function isSpraying({ accepted, wrong }: CheckCount, { minWrong, minShare }: SprayLimits): boolean {
  return wrong >= minWrong && wrong >= (accepted + wrong) * minShare;
}
