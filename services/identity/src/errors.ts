import { refuse } from '@mawid/service-kit';
import type { SendRefusal } from './domain/send-budget.ts';

/** Everything that identity can refuse a call for; codes and texts are in `errors.proto`. */
export const errors = {
  unauthenticated: () => refuse('UNAUTHENTICATED'),
  phoneNumberInvalid: () => refuseField('phone_number', 'PHONE_NUMBER_INVALID'),
  fieldRequired: (field: string) => refuseField(field, 'FIELD_REQUIRED'),
  emailTaken: () => refuse('EMAIL_TAKEN'),
  codeInvalid: () => refuse('CODE_INVALID'),
  sendRefused: ({ reason, retryAfterSeconds }: SendRefusal) =>
    refuse(reason, { retryAfterSeconds, metadata: { retry_after_seconds: retryAfterSeconds } }),
  refreshTokenInvalid: () => refuse('REFRESH_TOKEN_INVALID'),
  passwordLoginDeprecated: () => refuse('PASSWORD_LOGIN_DEPRECATED'),
} as const;

function refuseField(field: string, reason: string) {
  return refuse('VALIDATION_FAILED', { fields: [{ field, reason }] });
}
