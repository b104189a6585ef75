import type { Reply } from '../shared/http-types.ts';
import { Refusal } from '../shared/refusal.ts';
import { toHtml, toJson } from '../shared/reply.ts';

export type FieldErrors = Record<string, string[]>;

/** The envelope of every API error: `{ type, message, errors }`. */
function refuse(status: number, type: string, message: string, errors: FieldErrors | null = null): Refusal {
  return new Refusal(toJson(status, { type, message, errors }));
}

export const errors = {
  invalid: (fields: FieldErrors) => refuse(400, 'invalid_request_error', 'Validation Failed', fields),
  notAllowed: (message: string) => refuse(400, 'invalid_request_error', message),
  unreadable: () => refuse(400, 'invalid_request_error', 'The request body could not be read'),
  usedGivenId: () => refuse(400, 'used_given_id', 'given_id was already used with a different payment'),
  unauthenticated: () => refuse(401, 'authentication_error', 'Invalid authorization credentials'),
  forbidden: () => refuse(403, 'authentication_error', 'This API key may not do this'),
  notFound: (what: string) => refuse(404, 'invalid_request_error', `${what} not found`),
} as const;

const typeByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'authentication_error',
  404: 'invalid_request_error',
  405: 'account_inactive_error',
  413: 'invalid_request_error',
  429: 'rate_limit_error',
  503: 'api_connection_error',
};

export function toApiError(status: number): Reply {
  const type = typeByStatus[status] ?? 'api_error';
  return toJson(status, { type, message: status === 404 ? 'Not found' : 'The request failed', errors: null });
}

/** What the provider's firewall answers to clients it does not like: not JSON, so no credentials problem. */
export function toFirewallBlock(): Reply {
  return toHtml(
    403,
    '<!doctype html><html lang="en"><head><title>Access denied</title></head>' +
      '<body><h1>Error 1010</h1><p>The owner of this website has banned your access based on your browser’s signature.</p></body></html>',
  );
}
