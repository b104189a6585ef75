import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench } from './bench.ts';
import { type Caller, callers, type ObjectRight } from './object-rights.ts';
import type { RightsScene } from './rights-scene.ts';

/** A way to call a method, and whose right that is. */
export interface RightsCase {
  /** Where a method is called in several ways. */
  readonly name?: string;
  readonly right: (scene: RightsScene) => ObjectRight;
  /** Made anew for each caller; fields by their names in the generated code. */
  readonly input: (scene: RightsScene, bench: Bench) => object | Promise<object>;
  /** Undoes what those who were let in have done to what others are asked about. */
  readonly undo?: (scene: RightsScene, bench: Bench) => Promise<unknown>;
}

const salon = ({ salonId }: RightsScene) => ({ salonId });
const service = ({ serviceId }: RightsScene) => ({ serviceId });
const staff = ({ staffId }: RightsScene) => ({ staffId });
const resource = ({ resourceId }: RightsScene) => ({ resourceId });
const booking = ({ bookingId }: RightsScene) => ({ bookingId });

const salonsOwn: Caller[] = ['manager', 'admin'];
const worksThere: Caller[] = ['staff', 'colleague', ...salonsOwn];
const parties: Caller[] = ['customer', 'staff', ...salonsOwn];

/** What everybody may do, as far as the access rule lets them. */
const anybody = (): ObjectRight => ({ may: callers, knows: [] });
/** A draft is seen by those who run it. */
const seesSalon = ({ isDraft }: RightsScene): ObjectRight => ({ may: isDraft ? salonsOwn : callers, knows: [] });
/** A published salon is known to everybody. */
const runsSalon = ({ isDraft }: RightsScene): ObjectRight => ({ may: salonsOwn, knows: isDraft ? [] : callers });
/** Staff have a calendar, whether or not their salon is published. */
const worksInSalon = ({ isDraft }: RightsScene): ObjectRight => ({ may: worksThere, knows: isDraft ? [] : callers });
/** Staff see to their own time. */
const ownTime = ({ isDraft }: RightsScene): ObjectRight => ({
  may: ['staff', ...salonsOwn],
  knows: isDraft ? [] : callers,
});
/** A draft takes no bookings but from those who run it. */
const entersOwn = ({ isDraft }: RightsScene): ObjectRight => ({
  may: isDraft ? salonsOwn : ['staff', ...salonsOwn],
  knows: isDraft ? [] : callers,
});
const seesBooking = (): ObjectRight => ({ may: parties, knows: [] });
const agreedBooking = (): ObjectRight => ({ may: ['customer', ...salonsOwn], knows: parties });
const runsBooking = (): ObjectRight => ({ may: salonsOwn, knows: parties });
const attendsBooking = (): ObjectRight => ({ may: ['staff', ...salonsOwn], knows: parties });

/** Whoever may not move the booking is told that there is none. */
const movesBooking = ({ isDraft }: RightsScene): ObjectRight => ({
  may: isDraft ? salonsOwn : ['customer', ...salonsOwn],
  knows: [],
});

const name = { ar: 'اسم', en: 'Name' };
const price = { amount: 1_000n, currency: 'SAR' };
const week = {
  from: timestampFromDate(new Date('2026-11-23T00:00:00Z')),
  to: timestampFromDate(new Date('2026-11-30T00:00:00Z')),
};

let hours = 0;
/** An hour that no other case has. */
function nextHour() {
  hours += 1;
  const at = Date.parse('2026-12-01T00:00:00Z') + hours * 3_600_000;
  return { startAt: timestampFromDate(new Date(at)), endAt: timestampFromDate(new Date(at + 3_600_000)) };
}

function wish({ salonId, serviceId, staffId }: RightsScene) {
  const startAt = timestampFromDate(new Date('2026-11-24T07:00:00Z'));
  return { salonId, items: [{ serviceId, staffId }], startAt };
}

/** A moment without any opening hours: nothing is booked by those who are let in. */
const closedWish = (scene: RightsScene) => ({
  ...wish(scene),
  startAt: timestampFromDate(new Date('2026-11-24T00:00:00Z')),
});
/** The time of the scene's booking: those who are let in find it taken. */
const bookedAt = timestampFromDate(new Date('2026-11-23T07:00:00Z'));
const guest = { name: 'Guest' };

async function newTimeOff(scene: RightsScene, { availability }: Bench) {
  const made = await availability.createTimeOff({ ...staff(scene), ...nextHour() }, as(scene.people.manager));
  return { staffId: scene.staffId, timeOffId: made.id };
}

async function newBlock(scene: RightsScene, { availability }: Bench) {
  const made = await availability.createResourceBlock({ ...resource(scene), ...nextHour() }, as(scene.people.manager));
  return { resourceId: scene.resourceId, blockId: made.id };
}

function restoreState(scene: RightsScene, { catalog }: Bench): Promise<unknown> {
  const manager = as(scene.people.manager);
  return scene.isDraft ? catalog.unpublishSalon(salon(scene), manager) : catalog.publishSalon(salon(scene), manager);
}

/** Every method that people call, by service. A method that is not here fails the test. */
export const rightsTable: Readonly<Record<string, readonly RightsCase[]>> = {
  'CatalogService.ListSalons': [{ right: anybody, input: () => ({}) }],
  'CatalogService.GetSalon': [{ right: seesSalon, input: salon }],
  'CatalogService.CreateSalon': [
    { right: anybody, input: () => ({ name, city: name, audience: 1, paymentPolicy: 1, timeZone: 'Mars/Olympus' }) },
  ],
  'CatalogService.UpdateSalon': [{ right: runsSalon, input: salon }],
  'CatalogService.PublishSalon': [{ right: runsSalon, input: salon, undo: restoreState }],
  'CatalogService.UnpublishSalon': [{ right: runsSalon, input: salon, undo: restoreState }],
  'CatalogService.ListServices': [{ right: seesSalon, input: salon }],
  'CatalogService.GetService': [{ right: seesSalon, input: service }],
  'CatalogService.CreateService': [
    { right: runsSalon, input: (scene) => ({ ...salon(scene), name, durationMinutes: 30, price }) },
  ],
  'CatalogService.UpdateService': [{ right: runsSalon, input: service }],
  'CatalogService.DeleteService': [{ right: runsSalon, input: service }],
  'CatalogService.ListStaff': [{ right: seesSalon, input: salon }],
  'CatalogService.GetStaffMember': [{ right: seesSalon, input: staff }],
  'CatalogService.CreateStaffMember': [{ right: runsSalon, input: (scene) => ({ ...salon(scene), name }) }],
  'CatalogService.UpdateStaffMember': [{ right: runsSalon, input: staff }],
  'CatalogService.DeleteStaffMember': [{ right: runsSalon, input: staff }],
  'CatalogService.ListResources': [{ right: seesSalon, input: salon }],
  'CatalogService.GetResource': [{ right: seesSalon, input: resource }],
  'CatalogService.CreateResource': [
    { right: runsSalon, input: (scene) => ({ ...salon(scene), name, kind: ResourceKind.CHAIR }) },
  ],
  'CatalogService.UpdateResource': [{ right: runsSalon, input: resource }],
  'CatalogService.DeleteResource': [{ right: runsSalon, input: resource }],

  'AvailabilityService.GetSalonHours': [{ right: seesSalon, input: salon }],
  'AvailabilityService.SetSalonHours': [{ right: runsSalon, input: salon }],
  'AvailabilityService.GetStaffAvailability': [{ right: seesSalon, input: staff }],
  'AvailabilityService.SetStaffAvailability': [{ right: runsSalon, input: staff }],
  'AvailabilityService.ListSlots': [
    { right: seesSalon, input: (scene) => ({ ...salon(scene), serviceIds: [scene.serviceId], ...week }) },
    {
      name: 'moving a booking',
      right: movesBooking,
      input: (scene) => ({
        ...salon(scene),
        serviceIds: [scene.serviceId],
        ...week,
        movingBookingId: scene.bookingId,
      }),
    },
  ],
  'AvailabilityService.CheckAvailability': [{ right: anybody, input: (scene) => ({ queries: [wish(scene)] }) }],
  'AvailabilityService.FindNextAvailable': [
    { right: seesSalon, input: (scene) => ({ ...salon(scene), serviceIds: [scene.serviceId] }) },
  ],
  'AvailabilityService.ListTimeOff': [{ right: ownTime, input: staff }],
  'AvailabilityService.CreateTimeOff': [{ right: ownTime, input: (scene) => ({ ...staff(scene), ...nextHour() }) }],
  'AvailabilityService.DeleteTimeOff': [{ right: ownTime, input: newTimeOff }],
  'AvailabilityService.ListResourceBlocks': [{ right: runsSalon, input: resource }],
  'AvailabilityService.CreateResourceBlock': [
    { right: runsSalon, input: (scene) => ({ ...resource(scene), ...nextHour() }) },
  ],
  'AvailabilityService.DeleteResourceBlock': [{ right: runsSalon, input: newBlock }],

  'BookingService.CreateBooking': [
    { right: seesSalon, input: closedWish },
    {
      name: 'for a guest',
      right: entersOwn,
      input: (scene) => ({ ...closedWish(scene), source: 2, guest }),
    },
    {
      name: 'for a customer',
      right: entersOwn,
      input: (scene) => ({ ...closedWish(scene), source: 2, customerId: scene.people.otherCustomer.userId }),
    },
    { name: 'as a walk-in', right: entersOwn, input: (scene) => ({ ...closedWish(scene), source: 3, guest }) },
    {
      name: 'setting rules aside',
      right: runsSalon,
      input: (scene) => ({
        ...wish(scene),
        source: 2,
        guest,
        override: true,
        overrideReason: 'asked to',
        startAt: bookedAt,
      }),
    },
  ],
  'BookingService.GetBooking': [{ right: seesBooking, input: booking }],
  'BookingService.ListBookings': [
    { right: anybody, input: () => ({}) },
    { name: 'of a salon', right: worksInSalon, input: salon },
  ],
  'BookingService.CancelBooking': [{ right: agreedBooking, input: booking }],
  'BookingService.RescheduleBooking': [
    { right: agreedBooking, input: (scene) => ({ ...booking(scene), startAt: wish(scene).startAt }) },
  ],
  'BookingService.ApproveBooking': [{ right: runsBooking, input: booking }],
  'BookingService.DeclineBooking': [{ right: runsBooking, input: booking }],
  'BookingService.CheckInBooking': [{ right: attendsBooking, input: booking }],
  'BookingService.CompleteBooking': [{ right: attendsBooking, input: booking }],
  'BookingService.MarkNoShow': [{ right: runsBooking, input: booking }],
  'BookingService.UndoNoShow': [{ right: runsBooking, input: booking }],
  'BookingService.PreviewCancellation': [{ right: agreedBooking, input: booking }],
  'BookingService.ListBookingChanges': [{ right: runsBooking, input: booking }],
  'BookingService.WatchCalendar': [{ right: worksInSalon, input: salon }],
};
