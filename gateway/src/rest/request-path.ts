/** The segments of a request's path, as they came and percent-decoded. */
export interface RequestPath {
  readonly raw: readonly string[];
  readonly decoded: readonly string[];
}

const encodedSlash = /%2f/gi;

/**
 * Splits and decodes a path; one trailing slash counts for nothing. Undefined for a path that can name nothing of ours: a broken percent-encoding, bytes
 * that are not UTF-8, or `.` and `..` in any spelling.
 */
export function parseRequestPath(path: string): RequestPath | undefined {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
  const raw = path.slice(1, end).split('/');
  const decoded = path.includes('%') ? decodeSegments(raw) : raw;
  if (decoded === undefined || decoded.includes('..') || decoded.includes('.')) return undefined;
  return { raw, decoded };
}

function decodeSegments(raw: readonly string[]): string[] | undefined {
  try {
    return raw.map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

/** The value of a capture over several segments: decoded, but for encoded slashes (google/api/http.proto, "path template syntax"). */
export function joinSegments(path: RequestPath, start: number, end: number | undefined): string {
  const parts = path.raw.slice(start, end).map((segment) => {
    const kept = segment.split(encodedSlash).map((part) => decodeURIComponent(part));
    return kept.join('%2F');
  });
  return parts.join('/');
}
