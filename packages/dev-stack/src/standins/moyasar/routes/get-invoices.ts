import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { isListed } from '../domain/list-filter.ts';
import { toPage } from '../domain/page.ts';
import { requireInvoice, showStoredInvoice } from '../require-row.ts';

export function getInvoice(ctx: Context, request: StandinRequest): Reply {
  return toJson(200, requireInvoice(ctx, request));
}

export function listInvoices(ctx: Context, { query }: StandinRequest): Reply {
  const all = ctx.books.invoices.list().map((stored) => showStoredInvoice(ctx, stored));
  const { rows, meta } = toPage(
    all.filter((invoice) => isListed(invoice, query)),
    query,
  );
  return toJson(200, { invoices: rows, meta });
}
