import type { Audience } from './calendar.ts';

/** Whether a salon for these people can have a service for those: `everyone` of a service is everyone whom the salon serves. */
export function canServe(salon: Audience, service: Audience): boolean {
  return salon === 'everyone' || service === 'everyone' || service === salon;
}
