import { randomUUID } from 'node:crypto';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { type Fields, parseFields, toFields } from '../../shared/parse-fields.ts';
import { toJson } from '../../shared/reply.ts';
import { isSecretKey } from '../assert-key.ts';
import { charge } from '../charge.ts';
import type { Context } from '../context.ts';
import { parseMetadata } from '../domain/parse-metadata.ts';
import { parseChargeAmount, parseCurrency, parseDescription, parseUrl } from '../domain/parse-money.ts';
import { errors, type FieldErrors } from '../errors.ts';
import { type ChargeSource, requireChargeSource } from '../require-charge-source.ts';

/** 201 also for a declined card: only `status` says what happened. */
export function createPayment(ctx: Context, request: StandinRequest): Reply {
  const fields = parseFields(request);
  if (fields === undefined) throw errors.unreadable();
  const id = requireFreeId(ctx, fields.given_id);
  const input = requireInput(fields);
  const source = requireChargeSource(ctx, toFields(fields.source));
  if (source.isRawCard && isSecretKey(ctx.options, request)) ctx.books.breaches.put({ id });
  return toJson(201, charge(ctx, { ...input, ...toNewPayment(ctx, id, source) }, { ...source.charge, id }));
}

function requireFreeId(ctx: Context, given: unknown): string {
  if (given === undefined || given === null) return randomUUID();
  const isUuid = typeof given === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given);
  if (!isUuid) throw errors.invalid({ given_id: ['must be a UUID'] });
  if (ctx.books.payments.get(given) !== undefined) throw errors.usedGivenId();
  return given;
}

function requireInput(fields: Fields) {
  const problems: FieldErrors = {};
  const input = {
    amount: parseChargeAmount(fields.amount, problems),
    currency: parseCurrency(fields.currency, problems),
    description: parseDescription(fields.description, problems),
    callbackUrl: parseUrl('callback_url', fields.callback_url, problems),
    metadata: parseMetadata(fields.metadata, problems),
    invoiceId: null,
  };
  if (input.callbackUrl === null) problems.callback_url ??= ['is required'];
  if (Object.keys(problems).length > 0) throw errors.invalid(problems);
  return input;
}

function toNewPayment(ctx: Context, id: string, source: ChargeSource) {
  return {
    id,
    ip: source.isRawCard ? '127.0.0.1' : null,
    cardName: source.cardName,
    maskedNumber: source.maskedNumber,
    company: source.charge.outcome.company,
    transactionUrl: source.threeDSecure ? `${ctx.publicUrl()}/payments/${id}/3ds` : null,
  };
}
