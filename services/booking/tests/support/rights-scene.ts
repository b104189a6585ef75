import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, type Person, person } from './bench.ts';
import { makeSalon } from './make-salon.ts';
import type { Caller } from './object-rights.ts';

/** A salon with one of everything, and everybody who may have to do with it. */
export interface RightsScene {
  readonly isDraft: boolean;
  readonly salonId: string;
  readonly serviceId: string;
  readonly staffId: string;
  readonly resourceId: string;
  readonly bookingId: string;
  readonly people: Readonly<Record<Exclude<Caller, 'nobody'>, Person>>;
}

/** A draft has been open before: it has a booking too. */
export async function makeRightsScene(bench: Bench, { isDraft }: { isDraft: boolean }): Promise<RightsScene> {
  const salon = await makeSalon(bench, { staff: [undefined, undefined] });
  const manager = as(salon.manager);
  const [serviceId = ''] = salon.serviceIds;
  const [staffId = ''] = salon.staffIds;
  const name = { ar: 'غرفة', en: 'Room' };
  const resource = await bench.catalog.createResource({ salonId: salon.id, name, kind: ResourceKind.ROOM }, manager);
  const customer = person('customer');
  const startAt = timestampFromDate(new Date('2026-11-23T07:00:00Z'));
  const wish = { salonId: salon.id, items: [{ serviceId, staffId }], startAt };
  const booking = await bench.bookings.createBooking(wish, as(customer));
  if (isDraft) await bench.catalog.unpublishSalon({ salonId: salon.id }, manager);
  const [staff = customer, colleague = customer] = salon.staff;
  return {
    ...{ isDraft, salonId: salon.id, serviceId, staffId, resourceId: resource.id, bookingId: booking.id },
    people: {
      ...{ customer, staff, colleague, manager: salon.manager },
      otherCustomer: person('customer'),
      foreignStaff: person('staff'),
      foreignManager: person('manager'),
      admin: person('admin'),
    },
  };
}
