import type { Audience, Calendar, CalendarResource, CalendarService, CalendarStaff, Gender } from './calendar.ts';

/** A wanted service; anybody who can may do it when `staffId` is absent. */
export interface WantedItem {
  readonly serviceId: string;
  readonly staffId?: string | undefined;
  /** Only staff of this gender. */
  readonly staffGender?: Gender | undefined;
}

/** A service of a visit with everybody who may do it. */
export interface VisitItem {
  readonly service: CalendarService;
  /** Never empty. */
  readonly candidates: readonly CalendarStaff[];
  /** For each of the service's needs the resources that will do; empty where none is left that is active. */
  readonly needs: readonly (readonly CalendarResource[])[];
  /** Whether the customer left open who does it. */
  readonly isAnyStaff: boolean;
}

export interface VisitOptions {
  /** Who comes; not looked at when absent. */
  readonly audience?: Audience | undefined;
  /** A visit that is booked already keeps its services, be they offered any more or not. */
  readonly isMove?: boolean | undefined;
}

export type VisitRefusal = 'SALON_NOT_BOOKABLE' | 'SERVICE_NOT_OFFERED' | 'STAFF_NOT_AVAILABLE' | 'AUDIENCE_MISMATCH';
export type VisitPlan = { readonly items: readonly VisitItem[] } | { readonly refusal: VisitRefusal };

/** Finds the wanted services and who may do them, whatever the time. */
export function planVisit(calendar: Calendar, wanted: readonly WantedItem[], options: VisitOptions = {}): VisitPlan {
  const { salon, services } = calendar;
  if (!salon.isPublished) return { refusal: 'SALON_NOT_BOOKABLE' };
  const found = wanted.map(({ serviceId }) =>
    services.find(({ id, isOffered }) => id === serviceId && (isOffered || options.isMove === true)),
  );
  if (!found.every((each) => each !== undefined)) return { refusal: 'SERVICE_NOT_OFFERED' };
  const items = found.map((service, index) => toVisitItem(calendar, service, wanted[index]));
  if (items.some(({ candidates }) => candidates.length === 0)) return { refusal: 'STAFF_NOT_AVAILABLE' };
  const fits = found.every(
    ({ audience }) => isFor(options.audience, salon.audience) && isFor(options.audience, audience),
  );
  return fits ? { items } : { refusal: 'AUDIENCE_MISMATCH' };
}

function toVisitItem(calendar: Calendar, service: CalendarService, wish: WantedItem | undefined): VisitItem {
  const candidates = calendar.staff.filter(
    ({ id, gender, serviceIds }) =>
      serviceIds.includes(service.id) &&
      (wish?.staffId === undefined || wish.staffId === id) &&
      (wish?.staffGender === undefined || wish.staffGender === gender) &&
      (service.staffGender === undefined || service.staffGender === gender),
  );
  const needs = service.needs.map((ids) => calendar.resources.filter(({ id }) => ids.includes(id)));
  return { service, candidates, needs, isAnyStaff: wish?.staffId === undefined };
}

function isFor(visitors: Audience | undefined, audience: Audience): boolean {
  return visitors === undefined || visitors === 'everyone' || audience === 'everyone' || audience === visitors;
}
