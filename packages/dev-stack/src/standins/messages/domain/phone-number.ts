/** International form as Authentica wants it. */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(text);
}

/** International digits without + and without 00, as Unifonic and Taqnyat want them: `9665…`. */
export function isPlainInternational(text: string): boolean {
  return /^[1-9]\d{7,14}$/.test(text);
}

/** Saudi landlines and service numbers cannot receive messages. */
export function isUnreachable(digits: string): boolean {
  return digits.startsWith('966') && !/^9665\d{8}$/.test(digits);
}
