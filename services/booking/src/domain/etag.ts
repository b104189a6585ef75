/** The etag of a version. */
export function toEtag(version: number): string {
  return `v${version}`;
}

/**
 * Whether an If-Match header accepts the version: `*`, this etag as it is, or a list of tags in quotes that has it. The comparison is a strong one
 * (RFC 9110 §13.1.1): a weak tag, `W/"v3"`, accepts none.
 */
export function isEtagMatch(ifMatch: string, version: number): boolean {
  const etag = toEtag(version);
  const text = ifMatch.trim();
  if (text === '*' || text === etag) return true;
  return Array.from(text.matchAll(/(?:^|,)[ \t]*"([^"]*)"(?=[ \t]*(?:,|$))/g)).some(([, tag]) => tag === etag);
}
