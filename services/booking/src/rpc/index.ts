import type { ServiceImpl } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { approveBooking } from './approve-booking.ts';
import { cancelBooking } from './cancel-booking.ts';
import { checkAvailability } from './check-availability.ts';
import { checkInBooking } from './check-in-booking.ts';
import { completeBooking } from './complete-booking.ts';
import { createBooking } from './create-booking.ts';
import { createResource } from './create-resource.ts';
import { createResourceBlock } from './create-resource-block.ts';
import { createSalon } from './create-salon.ts';
import { createService } from './create-service.ts';
import { createStaffMember } from './create-staff-member.ts';
import { createTimeOff } from './create-time-off.ts';
import { declineBooking } from './decline-booking.ts';
import { deleteResource } from './delete-resource.ts';
import { deleteResourceBlock } from './delete-resource-block.ts';
import { deleteService } from './delete-service.ts';
import { deleteStaffMember } from './delete-staff-member.ts';
import { deleteTimeOff } from './delete-time-off.ts';
import { findNextAvailable } from './find-next-available.ts';
import { getBooking } from './get-booking.ts';
import { getBookingState } from './get-booking-state.ts';
import { getResource } from './get-resource.ts';
import { getSalon } from './get-salon.ts';
import { getSalonHours } from './get-salon-hours.ts';
import { getService } from './get-service.ts';
import { getStaffAvailability } from './get-staff-availability.ts';
import { getStaffMember } from './get-staff-member.ts';
import { listBookingChanges } from './list-booking-changes.ts';
import { listBookings } from './list-bookings.ts';
import { listResourceBlocks } from './list-resource-blocks.ts';
import { listResources } from './list-resources.ts';
import { listSalons } from './list-salons.ts';
import { listServices } from './list-services.ts';
import { listSlots } from './list-slots.ts';
import { listStaff } from './list-staff.ts';
import { listTimeOff } from './list-time-off.ts';
import { markNoShow } from './mark-no-show.ts';
import { previewCancellation } from './preview-cancellation.ts';
import { publishSalon } from './publish-salon.ts';
import { rescheduleBooking } from './reschedule-booking.ts';
import { setSalonHours } from './set-salon-hours.ts';
import { setStaffAvailability } from './set-staff-availability.ts';
import { undoNoShow } from './undo-no-show.ts';
import { unpublishSalon } from './unpublish-salon.ts';
import { updateResource } from './update-resource.ts';
import { updateSalon } from './update-salon.ts';
import { updateService } from './update-service.ts';
import { updateStaffMember } from './update-staff-member.ts';
import { watchCalendar } from './watch-calendar.ts';

export function createRoutes(ctx: Context): Routes {
  return (router) => {
    router.service(BookingService, {
      createBooking: createBooking(ctx),
      getBooking: getBooking(ctx),
      listBookings: listBookings(ctx),
      cancelBooking: cancelBooking(ctx),
      rescheduleBooking: rescheduleBooking(ctx),
      approveBooking: approveBooking(ctx),
      declineBooking: declineBooking(ctx),
      checkInBooking: checkInBooking(ctx),
      completeBooking: completeBooking(ctx),
      markNoShow: markNoShow(ctx),
      undoNoShow: undoNoShow(ctx),
      previewCancellation: previewCancellation(ctx),
      listBookingChanges: listBookingChanges(ctx),
      watchCalendar: watchCalendar(ctx),
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
      updateService: updateService(ctx),
      deleteService: deleteService(ctx),
      updateStaffMember: updateStaffMember(ctx),
      deleteStaffMember: deleteStaffMember(ctx),
      listResources: listResources(ctx),
      getResource: getResource(ctx),
      createResource: createResource(ctx),
      updateResource: updateResource(ctx),
      deleteResource: deleteResource(ctx),
    } satisfies ServiceImpl<typeof CatalogService>);
    router.service(AvailabilityService, {
      getSalonHours: getSalonHours(ctx),
      setSalonHours: setSalonHours(ctx),
      getStaffAvailability: getStaffAvailability(ctx),
      setStaffAvailability: setStaffAvailability(ctx),
      listSlots: listSlots(ctx),
      checkAvailability: checkAvailability(ctx),
      findNextAvailable: findNextAvailable(ctx),
      listTimeOff: listTimeOff(ctx),
      createTimeOff: createTimeOff(ctx),
      deleteTimeOff: deleteTimeOff(ctx),
      listResourceBlocks: listResourceBlocks(ctx),
      createResourceBlock: createResourceBlock(ctx),
      deleteResourceBlock: deleteResourceBlock(ctx),
    } satisfies ServiceImpl<typeof AvailabilityService>);
  };
}
