import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type CatalogService,
  type ListSalonsRequest,
  ListSalonsResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { SalonWhereInput } from '../db/generated/models.ts';
import { toSearchText, toSearchWords } from '../domain/search-text.ts';
import { audience } from '../messages/enums.ts';
import { toSalonMessage } from '../messages/to-salon-message.ts';

export function listSalons(ctx: Context): MethodImpl<typeof CatalogService.method.listSalons> {
  return async (request) => {
    const size = toPageSize(request.pageSize);
    const list = {
      key: ctx.config.pageTokenKey,
      list: ['salons', request.text, request.city, request.audience],
    };
    const after = requireCursor(list, request.pageToken)?.[0];
    const salons = await ctx.prisma.salon.findMany({
      where: { ...toFilter(request), ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: size + 1,
    });
    const { rows, nextPageToken } = toPage(salons, size, { ...list, cursorOf: ({ id }) => [id] });
    return create(ListSalonsResponseSchema, { salons: rows.map(toSalonMessage), nextPageToken });
  };
}

function toFilter(request: ListSalonsRequest): SalonWhereInput {
  const wanted = audience.toWord(request.audience);
  const city = toSearchText(request.city);
  return {
    state: 'published',
    ...(wanted && { audience: { in: [wanted, 'everyone'] } }),
    ...(city !== '' && { searchCities: { has: city } }),
    AND: toSearchWords(request.text).map((word) => ({ searchText: { contains: escapePattern(word) } })),
  };
}

// Prisma passes the signs of LIKE on.
function escapePattern(word: string): string {
  return word.replaceAll(/[\\%_]/g, '\\$&');
}
