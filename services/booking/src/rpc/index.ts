import type { ServiceImpl } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { cancelBooking } from './cancel-booking.ts';
import { createBooking } from './create-booking.ts';
import { createSalon } from './create-salon.ts';
import { createService } from './create-service.ts';
import { createStaffMember } from './create-staff-member.ts';
import { getBooking } from './get-booking.ts';
import { getBookingState } from './get-booking-state.ts';
import { getSalon } from './get-salon.ts';
import { getSalonHours } from './get-salon-hours.ts';
import { getService } from './get-service.ts';
import { getStaffAvailability } from './get-staff-availability.ts';
import { getStaffMember } from './get-staff-member.ts';
import { listBookings } from './list-bookings.ts';
import { listSalons } from './list-salons.ts';
import { listServices } from './list-services.ts';
import { listSlots } from './list-slots.ts';
import { listStaff } from './list-staff.ts';
import { publishSalon } from './publish-salon.ts';
import { setSalonHours } from './set-salon-hours.ts';
import { setStaffAvailability } from './set-staff-availability.ts';
import { unpublishSalon } from './unpublish-salon.ts';
import { updateSalon } from './update-salon.ts';

export function createRoutes(ctx: Context): Routes {
  return (router) => {
    router.service(BookingService, {
      createBooking: createBooking(ctx),
      getBooking: getBooking(ctx),
      listBookings: listBookings(ctx),
      cancelBooking: cancelBooking(ctx),
    } satisfies ServiceImpl<typeof BookingService>);
    router.service(BookingInternalService, {
      getBookingState: getBookingState(ctx),
    } satisfies ServiceImpl<typeof BookingInternalService>);
    router.service(CatalogService, {
      listSalons: listSalons(ctx),
      getSalon: getSalon(ctx),
      createSalon: createSalon(ctx),
      updateSalon: updateSalon(ctx),
      publishSalon: publishSalon(ctx),
      unpublishSalon: unpublishSalon(ctx),
      listServices: listServices(ctx),
      getService: getService(ctx),
      createService: createService(ctx),
      listStaff: listStaff(ctx),
      getStaffMember: getStaffMember(ctx),
      createStaffMember: createStaffMember(ctx),
    } satisfies ServiceImpl<typeof CatalogService>);
    router.service(AvailabilityService, {
      getSalonHours: getSalonHours(ctx),
      setSalonHours: setSalonHours(ctx),
      getStaffAvailability: getStaffAvailability(ctx),
      setStaffAvailability: setStaffAvailability(ctx),
      listSlots: listSlots(ctx),
    } satisfies ServiceImpl<typeof AvailabilityService>);
  };
}
