// What follows the 5 of a mobile; 1, 2 and 7 are not for all.
const seconds = [0, 3, 4, 5, 6, 8, 9];

/** A Saudi mobile that differs from the next 6,999 in more than its last four digits. */
export function strangerOf(index: number): string {
  const block = Math.floor(index / seconds.length);
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `+9665${seconds[index % seconds.length]}${digits(block % 1_000, 3)}${digits(Math.floor(block / 1_000), 4)}`;
}

/** A Saudi mobile beside the next ones of its block: they differ in their last four digits. */
export function neighbourOf(block: '59876' | '59877', index: number): string {
  return `+966${block}${String(index).padStart(4, '0')}`;
}

/** An address that shares no network with the next ones. */
export function addressOf(index: number): string {
  return `${20 + Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}.7`;
}
