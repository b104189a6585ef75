import type { IncomingMessage } from 'node:http';
import { DecodeError } from '../rest/codec/decode-error.ts';
import { Refusal } from '../rest/problem/refusal.ts';

const token = /^[\x21-\x7e]+$/;
const requestId = /^[A-Za-z0-9._:-]{1,128}$/;

/** No client of ours sends a quarter of them. */
const maxHeaders = 100;

/** Throws the refusal 431 for a flood of header fields; it ends the connection. How large they are together is node:http's to limit. */
export function assertFewHeaders(request: IncomingMessage): void {
  if (request.rawHeaders.length <= maxHeaders * 2) return;
  throw new Refusal('MALFORMED_REQUEST', { status: 431, headers: { connection: 'close' } });
}

/** Throws the refusal 400 for a request without a version, or without the Host field that HTTP/1.1 asks for (RFC 9112 §3.2); it ends the connection. */
export function assertHost(request: IncomingMessage): void {
  if (request.httpVersion === '1.0' || (request.httpVersion === '1.1' && request.headers.host !== undefined)) return;
  throw new Refusal('MALFORMED_REQUEST', { status: 400, headers: { connection: 'close' } });
}

/** A header's value; undefined where it is absent or empty. Several of one name are one, joined by commas. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text === undefined || text === '' ? undefined : text;
}

/** The caller's own request id, where it is one that can be logged as it is. */
export function requestIdOf(request: IncomingMessage): string | undefined {
  const value = headerOf(request, 'x-request-id');
  return value !== undefined && requestId.test(value) ? value : undefined;
}

/** The bearer token; undefined where there is none. Another scheme counts as none. */
export function bearerTokenOf(request: IncomingMessage): string | undefined {
  const value = headerOf(request, 'authorization');
  return /^bearer +([\x21-\x7e]+) *$/i.exec(value ?? '')?.[1];
}

/** The key, with or without the quotes that a structured field has. Throws DecodeError for one that cannot be kept. */
export function idempotencyKeyOf(request: IncomingMessage): string | undefined {
  const value = headerOf(request, 'idempotency-key');
  if (value === undefined) return undefined;
  const key = value.replace(/^"(.*)"$/, '$1');
  if (key.length <= 255 && token.test(key)) return key;
  const error = new DecodeError('header.idempotency_key');
  error.path.push('Idempotency-Key');
  throw error;
}

// Spaces stand before a comma or before a tag, never undecided between both: such a pattern would take forever over a hostile header.
const tagList = /^(?:W\/)?"[^"]*"(?:[ \t]*,(?:[ \t]*(?:W\/)?"[^"]*")?)*$/;

/**
 * What a service shall compare: one tag without its quotes, as resources carry it, or a list of tags with them, or `*`. The comparison is a strong one (RFC
 * 9110 §13.1.1), so weak tags are left out. A tag that none of ours can be, an empty list, and quotes that make no list become `""`, which fits no resource:
 * a precondition that got lost would be taken for fulfilled.
 */
export function ifMatchOf(request: IncomingMessage): string | undefined {
  const value = request.headers['if-match']?.trim();
  if (value === undefined) return undefined;
  const isList = tagList.test(value);
  if (!isList && value.includes('"')) return '""';
  const tags = isList ? strongTagsOf(value).join(', ') : value;
  // Bare, these would be "any" and a list.
  const bare = /^"([^"*,]+)"$/.exec(tags)?.[1] ?? tags;
  return /^[ -~]+$/.test(bare) ? bare : '""';
}

function strongTagsOf(list: string): string[] {
  return Array.from(list.matchAll(/(W\/)?("[^"]*")/g), ([, weak, tag = '']) => (weak === undefined ? tag : '')).filter(
    Boolean,
  );
}

/** The device's id; one that gRPC metadata cannot carry counts as none. */
export function deviceIdOf(request: IncomingMessage): string | undefined {
  const value = headerOf(request, 'x-device-id');
  return value !== undefined && value.length <= 128 && token.test(value) ? value : undefined;
}

/** What the client calls itself, without what gRPC metadata cannot carry, at most 200 characters. */
export function clientAgentOf(request: IncomingMessage): string | undefined {
  const text = headerOf(request, 'user-agent')
    ?.replace(/[^ -~]/g, '')
    .trim()
    .slice(0, 200);
  return text === '' ? undefined : text;
}
