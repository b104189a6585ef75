/** The segments of a request's path, as they came and percent-decoded. */
export interface RequestPath {
  readonly raw: readonly string[];
  readonly decoded: readonly string[];
}

const encodedSlash = /(%2f)/i;
const climbing = /(?:^|[\\/])\.\.(?:[\\/]|$)/;

/**
 * Splits and decodes a path; one trailing slash counts for nothing. Undefined for a path that can name nothing of ours: an empty segment, a broken
 * percent-encoding, bytes that are not UTF-8, or `.` and `..` in any spelling.
 */
export function parseRequestPath(path: string): RequestPath | undefined {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
  const raw = path.slice(1, end).split('/');
  const decoded = path.includes('%') ? decodeSegments(raw) : raw;
  if (decoded === undefined || decoded.some(isNoName)) return undefined;
  return { raw, decoded };
}

/** Whether a decoded segment names nothing, or climbs: also behind an encoded slash, where somebody may decode it once more. */
export function isNoName(segment: string): boolean {
  return segment === '' || segment === '.' || (segment.includes('..') && climbing.test(segment));
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
    // Every other part is an encoded slash as it came.
    const kept = segment.split(encodedSlash).map((part, index) => (index % 2 === 0 ? decodeURIComponent(part) : part));
    return kept.join('');
  });
  return parts.join('/');
}
