import { type PhoneNumber, parsePhoneNumber } from '../domain/phone-number.ts';
import { errors } from '../errors.ts';

/** The number of a request's `phone_number`; refuses a missing one and one that is no number. */
export function requirePhoneNumber(text: string): PhoneNumber {
  if (text.trim() === '') throw errors.fieldRequired('phone_number');
  const phone = parsePhoneNumber(text);
  if (phone === undefined) throw errors.phoneNumberInvalid();
  return phone;
}
