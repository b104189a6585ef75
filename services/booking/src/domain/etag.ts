/** The etag of a version. */
export function toEtag(version: number): string {
  return `v${version}`;
}

/** Whether an If-Match header (a list of tags in quotes, or `*`) accepts the version. */
export function isEtagMatch(ifMatch: string, version: number): boolean {
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^(?:W\/)?"?([^"]*)"?$/, '$1'));
  return tags.includes('*') || tags.includes(toEtag(version));
}
