// No link: a text that asks people to follow one teaches them to follow a thief's.
export const securityNotice =
  'Mawid: {notice, select, ' +
  'session_compromised {we signed one of your devices out, as somebody may have stolen its sign-in. ' +
  'Sign in again and look through your devices in the app.} ' +
  'phone_changed {the number of your account was changed to one that ends in {detail}. ' +
  'If this was not you, contact our support at once.} ' +
  'identity_linked {sign-in with {detail} was added to your account. ' +
  'If this was not you, remove it in the app and sign out all devices.} ' +
  'identity_unlinked {sign-in with {detail} was removed from your account. ' +
  'If this was not you, sign in with your number and look through your devices.} ' +
  'other {your account and your personal data were deleted. If this was not you, contact our support at once.}}';
