import type { DescFile } from '@bufbuild/protobuf';
import { file_google_rpc_error_details } from '../gen/google/rpc/error_details_pb.js';
import { file_mawid_booking_events_v1_events } from '../gen/mawid/booking/events/v1/events_pb.js';
import { file_mawid_booking_v1_availability_service } from '../gen/mawid/booking/v1/availability_service_pb.js';
import { file_mawid_booking_v1_booking_service } from '../gen/mawid/booking/v1/booking_service_pb.js';
import { file_mawid_booking_v1_catalog_service } from '../gen/mawid/booking/v1/catalog_service_pb.js';
import { file_mawid_booking_v1_errors } from '../gen/mawid/booking/v1/errors_pb.js';
import { file_mawid_identity_events_v1_events } from '../gen/mawid/identity/events/v1/events_pb.js';
import { file_mawid_identity_v1_admin_service } from '../gen/mawid/identity/v1/admin_service_pb.js';
import { file_mawid_identity_v1_auth_service } from '../gen/mawid/identity/v1/auth_service_pb.js';
import { file_mawid_identity_v1_errors } from '../gen/mawid/identity/v1/errors_pb.js';
import { file_mawid_identity_v1_linked_identity_service } from '../gen/mawid/identity/v1/linked_identity_service_pb.js';
import { file_mawid_identity_v1_session_service } from '../gen/mawid/identity/v1/session_service_pb.js';
import { file_mawid_identity_v1_user_service } from '../gen/mawid/identity/v1/user_service_pb.js';
import { file_mawid_notify_events_v1_events } from '../gen/mawid/notify/events/v1/events_pb.js';
import { file_mawid_notify_v1_notification_service } from '../gen/mawid/notify/v1/notification_service_pb.js';
import { file_mawid_payments_events_v1_events } from '../gen/mawid/payments/events/v1/events_pb.js';
import { file_mawid_payments_v1_errors } from '../gen/mawid/payments/v1/errors_pb.js';
import { file_mawid_payments_v1_payment_service } from '../gen/mawid/payments/v1/payment_service_pb.js';
import { file_mawid_type_v1_errors } from '../gen/mawid/type/v1/errors_pb.js';

/** The root files of the contract; what they import comes with them. A test compares this list with the proto folder. */
export const files: readonly DescFile[] = [
  file_google_rpc_error_details,
  file_mawid_booking_events_v1_events,
  file_mawid_booking_v1_availability_service,
  file_mawid_booking_v1_booking_service,
  file_mawid_booking_v1_catalog_service,
  file_mawid_booking_v1_errors,
  file_mawid_identity_events_v1_events,
  file_mawid_identity_v1_admin_service,
  file_mawid_identity_v1_auth_service,
  file_mawid_identity_v1_errors,
  file_mawid_identity_v1_linked_identity_service,
  file_mawid_identity_v1_session_service,
  file_mawid_identity_v1_user_service,
  file_mawid_notify_events_v1_events,
  file_mawid_notify_v1_notification_service,
  file_mawid_payments_events_v1_events,
  file_mawid_payments_v1_errors,
  file_mawid_payments_v1_payment_service,
  file_mawid_type_v1_errors,
];
