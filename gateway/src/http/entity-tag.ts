/** What may stand between the quotes of an entity tag (RFC 9110 §8.8.3), less what is not ASCII. */
const tagText = /^[\x21\x23-\x7e]+$/;
const tags = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;

/** Whether a resource's etag can be a header. */
export function isEntityTag(text: string): boolean {
  return tagText.test(text);
}

/** Whether If-None-Match names this tag, weak or strong; `*` names every tag. */
export function matchesEntityTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  for (const [, each] of header.matchAll(tags)) if (each === tag) return true;
  return false;
}
