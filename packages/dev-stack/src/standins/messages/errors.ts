import type { Reply } from '../shared/http-types.ts';
import { toJson } from '../shared/reply.ts';

/** An outage of any of the providers looks alike: a status and a short JSON text that clients must not rely on. */
export function toProviderError(status: number): Reply {
  const message = status === 404 ? 'Not found' : status >= 500 ? 'Server Error' : 'Request failed';
  return toJson(status, { success: false, message });
}
