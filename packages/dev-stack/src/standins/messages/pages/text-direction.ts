/** A message that holds any Arabic letter is an Arabic message, even when it begins with a Latin name or a number. */
export function toTextDirection(text: string): 'rtl' | 'ltr' {
  return /\p{Script=Arabic}/u.test(text) ? 'rtl' : 'ltr';
}
