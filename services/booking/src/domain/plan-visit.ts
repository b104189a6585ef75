import type { Calendar, CalendarService, CalendarStaff } from './calendar.ts';

/** A wanted service; anybody who can may do it when `staffId` is absent. */
export interface WantedItem {
  readonly serviceId: string;
  readonly staffId?: string | undefined;
}

/** A service of a visit with everybody who may do it. */
export interface VisitItem {
  readonly service: CalendarService;
  readonly candidates: readonly CalendarStaff[];
  /** Whether the customer left open who does it. */
  readonly isAnyStaff: boolean;
}

export type VisitRefusal = 'SALON_NOT_BOOKABLE' | 'SERVICE_NOT_OFFERED' | 'STAFF_NOT_AVAILABLE' | 'AUDIENCE_MISMATCH';
export type VisitPlan = { readonly items: readonly VisitItem[] } | { readonly refusal: VisitRefusal };

/** Finds the wanted services and who may do them, whatever the time. */
export function planVisit(calendar: Calendar, wanted: readonly WantedItem[]): VisitPlan {
  if (!calendar.salon.isPublished) return { refusal: 'SALON_NOT_BOOKABLE' };
  const items: VisitItem[] = [];
  for (const { serviceId, staffId } of wanted) {
    const service = calendar.services.find(({ id }) => id === serviceId);
    if (!service) return { refusal: 'SERVICE_NOT_OFFERED' };
    const able = calendar.staff.filter(({ serviceIds }) => serviceIds.includes(serviceId));
    const candidates = staffId === undefined ? able : able.filter(({ id }) => id === staffId);
    if (candidates.length === 0) return { refusal: 'STAFF_NOT_AVAILABLE' };
    items.push({ service, candidates, isAnyStaff: staffId === undefined });
  }
  return { items };
}
