/** Template 1 is Arabic, template 2 English; the account has no others. */
const templates: Readonly<Record<number, (code: string) => string>> = {
  1: (code) => `رمز التحقق الخاص بك في موعد هو ${code}\nلا تشارك هذا الرمز مع أي شخص.`,
  2: (code) => `Your Mawid verification code is ${code}\nDo not share this code with anyone.`,
};

/** The text of a one-time code message, or undefined for an unknown template. */
export function renderOtp(templateId: number, code: string): string | undefined {
  return Object.hasOwn(templates, templateId) ? templates[templateId]?.(code) : undefined;
}
