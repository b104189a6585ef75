import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { isListed } from '../domain/list-filter.ts';
import { toPage } from '../domain/page.ts';
import { requirePayment } from '../require-row.ts';
import type { Payment } from '../types.ts';

export function getPayment(ctx: Context, request: StandinRequest): Reply {
  return toJson(200, requirePayment(ctx, request));
}

export function listPayments(ctx: Context, { query }: StandinRequest): Reply {
  const payments = ctx.books.payments.list().filter((payment) => isListed(payment, query) && hasSource(payment, query));
  const { rows, meta } = toPage(payments, query);
  return toJson(200, { payments: rows, meta });
}

/** Clients name these two filters differently; both spellings work. */
function hasSource({ source }: Payment, query: URLSearchParams): boolean {
  const lastFour = query.get('last_4') ?? query.get('card_last_digits');
  const reference = query.get('rrn') ?? query.get('receipt_no');
  if (lastFour !== null && !source.number.endsWith(lastFour)) return false;
  return reference === null || source.reference_number === reference;
}
