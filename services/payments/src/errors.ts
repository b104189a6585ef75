import { type FieldProblem, refuse } from '@mawid/service-kit';

/** Everything that payments can refuse a call for; codes and texts are in `errors.proto`. */
export const errors = {
  notFound: () => refuse('NOT_FOUND'),
  permissionDenied: () => refuse('PERMISSION_DENIED'),
  invalid: (problem: FieldProblem) => refuse('VALIDATION_FAILED', { fields: [problem] }),
  bookingUnavailable: (cause: unknown) => refuse('UNAVAILABLE', { retryAfterSeconds: 1, cause }),
  bookingNotPayable: () => refuse('BOOKING_NOT_PAYABLE'),
  providerUnavailable: (retryAfterSeconds: number) => refuse('PAYMENT_PROVIDER_UNAVAILABLE', { retryAfterSeconds }),
  paymentNotRefundable: () => refuse('PAYMENT_NOT_REFUNDABLE'),
  refundExceedsCaptured: () => refuse('REFUND_EXCEEDS_CAPTURED'),
  webhookSecretWrong: () => refuse('WEBHOOK_SECRET_WRONG'),
  webhookMalformed: () => refuse('WEBHOOK_MALFORMED'),
} as const;
