import { createHash } from 'node:crypto';

/** Into how many lanes a service's outbox is divided: as many relays can work at one time. */
export const laneCount = 16;

/** The lane of an aggregate, 0 to 15. All of an aggregate's events share one lane. */
export function laneOf(aggregateId: string): number {
  return (createHash('sha1').update(aggregateId).digest()[0] ?? 0) % laneCount;
}
