const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Riyadh',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `22 Nov, 21:19:06` on a clock in Riyadh. */
export function toPageTime(iso: string): string {
  return format.format(new Date(iso));
}
