import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A webhook of Moyasar. Nothing in it is believed; it only says what to look at. */
export interface Webhook {
  readonly id: string;
  readonly type: string;
  /** The provider's id of the payment it is about. */
  readonly subjectId: string;
  /** What helps to understand a dispute; neither the secret nor anything of the payer. */
  readonly payload: Record<string, unknown>;
}

// Anybody can send a callback, and what no id can be must not reach the database.
const id = z.string().regex(/^[\x21-\x7e]{1,200}$/);

const envelopeSchema = z.looseObject({
  id,
  type: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  data: z.looseObject({ id }),
});

// What is something else, or no database can keep, is left out.
const plain = z
  .union([z.string().refine((text) => !text.includes('\0')), z.number(), z.boolean(), z.null()])
  .optional()
  .catch(undefined);

// The payment is fetched anyway, so this is all that is kept: no cardholder, no digit of a card, no address.
const keptSchema = z.object({
  ...{ id: plain, type: plain, created_at: plain, account_name: plain, live: plain },
  data: z.object({
    ...{ id: plain, status: plain, amount: plain, currency: plain, captured: plain, refunded: plain },
    ...{ invoice_id: plain, created_at: plain, updated_at: plain },
  }),
});

const invoiceSchema = z.looseObject({
  id,
  payments: z.array(z.unknown()),
  secret_token: z.undefined().optional(),
});

/** The body as an object; undefined when it is none. */
export function parseBody(data: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Compares in constant time; the hashes give both sides one length. */
export function hasSecret(body: Record<string, unknown>, secret: string): boolean {
  const given = typeof body.secret_token === 'string' ? body.secret_token : '';
  return timingSafeEqual(hash(given), hash(secret));
}

/** The event of a body; undefined when it is not one. */
export function parseWebhook(body: Record<string, unknown>): Webhook | undefined {
  const read = envelopeSchema.safeParse(body);
  if (!read.success) return undefined;
  const payload = keptSchema.parse(body);
  return { id: read.data.id, type: read.data.type, subjectId: read.data.data.id, payload };
}

/** The invoice's id when the body is an invoice's own callback, which carries no secret; undefined otherwise. */
export function parseInvoiceCallback(body: Record<string, unknown>): string | undefined {
  const read = invoiceSchema.safeParse(body);
  return read.success ? read.data.id : undefined;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
