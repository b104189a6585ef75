import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type CatalogService,
  type ListSalonsRequest,
  ListSalonsResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { createPageToken, requireCursor, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { FoundSalon, SalonSearch } from '../db/find-salons.ts';
import type { SalonModel } from '../db/generated/models.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';
import { toMoment } from '../messages/values.ts';
import { searchSalons } from '../salon/search-salons.ts';
import { toSalonSearch } from '../salon/to-salon-search.ts';

export function listSalons(ctx: Context): MethodImpl<typeof CatalogService.method.listSalons> {
  return async (request, context) => {
    const search = toSalonSearch(request, context);
    const scope = { key: ctx.config.pageTokenKey, list: toList(request, search) };
    const cursor = requireCursor(scope, request.pageToken);
    const page = await searchSalons(ctx, search, {
      size: toPageSize(request.pageSize),
      after: cursor && toFound(cursor),
      openAt: request.openAt && (toMoment(request.openAt) ?? Number.NaN),
    });
    const salons = await loadSalons(ctx, page.ids, search);
    const nextPageToken = page.next ? createPageToken(scope, [page.next.id, page.next.key]) : '';
    return create(ListSalonsResponseSchema, { salons: salons.map(toSalonMessage), nextPageToken });
  };
}

// A token goes on with the search that it was made in, for the reader it was made for.
function toList({ openAt }: ListSalonsRequest, search: SalonSearch): unknown[] {
  const { order, words, city, audience, serviceWords, near, managerId } = search;
  return ['salons', order, words, city, audience, serviceWords, near, managerId, openAt && toMoment(openAt)];
}

function toFound([id = '', key = '']: readonly string[]): FoundSalon {
  return { id, key };
}

// A salon that was hidden since it was found stays hidden.
async function loadSalons(ctx: Context, ids: readonly string[], search: SalonSearch): Promise<SalonModel[]> {
  const scope = search.hasDrafts ? {} : { state: 'published' };
  const rows = await ctx.prisma.salon.findMany({ where: { id: { in: [...ids] }, ...scope } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
