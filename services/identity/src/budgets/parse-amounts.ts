import { parsePhoneNumber } from '../domain/phone-number.ts';

/** Reads `966:50000,*:1000` or `sms:966:12,sms:*:60`: an amount by name, and one for `*` of each kind; undefined when malformed. */
export function parseAmounts(text: string, name: RegExp): ReadonlyMap<string, number> | undefined {
  const entries = text.split(',').map((part) => /^(.+):(\d{1,9})$/.exec(part.trim()));
  if (entries.some((entry) => !name.test(entry?.[1] ?? ''))) return undefined;
  const amounts = new Map(entries.map((entry) => [entry?.[1] ?? '', Number(entry?.[2])] as const));
  const hasRest = [...amounts.keys()].every((key) => amounts.has(key.replace(/[^:]+$/, '*')));
  return hasRest && amounts.size === entries.length ? amounts : undefined;
}

/** The amount of a name such as `sms:966`, else that of `sms:*`, else 0. */
export function amountOf(amounts: ReadonlyMap<string, number>, name: string): number {
  return amounts.get(name) ?? amounts.get(name.replace(/[^:]+$/, '*')) ?? 0;
}

/** Reads `+966500000001:123456,…`; undefined when malformed. */
export function parseTestNumbers(text: string): ReadonlyMap<string, string> | undefined {
  const entries = text.split(',').map((part) => /^(\+\d+):(\d{6})$/.exec(part.trim()));
  const isValid = (number: string | undefined) => number !== undefined && parsePhoneNumber(number)?.e164 === number;
  if (entries.some((entry) => !isValid(entry?.[1]))) return undefined;
  return new Map(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']));
}
