import type { ConnectError } from '@connectrpc/connect';
import { refuse } from '@mawid/service-kit';
import type { LimitPolicy, SendRefusal } from './domain/send-budget.ts';

/** Everything that identity can refuse a call for; codes and texts are in `errors.proto`. */
export const errors = {
  unauthenticated: () => refuse('UNAUTHENTICATED'),
  phoneNumberInvalid: () => refuseField('phone_number', 'PHONE_NUMBER_INVALID'),
  fieldRequired: (field: string) => refuseField(field, 'FIELD_REQUIRED'),
  emailTaken: () => refuse('EMAIL_TAKEN'),
  codeInvalid: () => refuse('CODE_INVALID'),
  sendRefused: ({ reason, retryAfterSeconds, policy }: SendRefusal) =>
    withLimit(refuse(reason, { retryAfterSeconds }), policy, retryAfterSeconds),
  refreshTokenInvalid: () => refuse('REFRESH_TOKEN_INVALID'),
  notFound: () => refuse('NOT_FOUND'),
  /** `metadata` is the challenge itself, so that no second call is needed to get one. */
  challengeRequired: (metadata: { kind: string; puzzle: string; expires_at: string }) =>
    refuse('CHALLENGE_REQUIRED', { metadata }),
  accountSuspended: () => refuse('ACCOUNT_SUSPENDED'),
  reauthenticationRequired: () => refuse('REAUTHENTICATION_REQUIRED'),
  phoneNumberTaken: () => refuse('PHONE_NUMBER_TAKEN'),
  phoneNumberUnchanged: () => refuseField('phone_number', 'PHONE_NUMBER_UNCHANGED'),
  linkRequired: () => refuse('LINK_REQUIRED'),
  socialProviderNotConfigured: () => refuse('SOCIAL_PROVIDER_NOT_CONFIGURED'),
  idTokenInvalid: (cause?: unknown) => refuse('ID_TOKEN_INVALID', { cause }),
  identityTaken: () => refuse('IDENTITY_TAKEN'),
  lastSignInMethod: () => refuse('LAST_SIGN_IN_METHOD'),
  lastAdmin: () => refuse('LAST_ADMIN'),
  ownAccount: () => refuse('OWN_ACCOUNT'),
  passwordLoginDeprecated: () => refuse('PASSWORD_LOGIN_DEPRECATED'),
} as const;

function refuseField(field: string, reason: string) {
  return refuse('VALIDATION_FAILED', { fields: [{ field, reason }] });
}

/** Names the limit that was reached in the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10), and nobody in them. */
function withLimit(error: ConnectError, policy: LimitPolicy | undefined, seconds: number): ConnectError {
  if (policy === undefined) return error;
  error.metadata.set('ratelimit-policy', `"${policy.name}";q=${policy.quota};w=${policy.windowSeconds}`);
  error.metadata.set('ratelimit', `"${policy.name}";r=0;t=${seconds}`);
  return error;
}
