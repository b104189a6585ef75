import type { HandlerContext } from '@connectrpc/connect';
import { type ListSalonsRequest, SalonSort } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { callerOf, requireUser } from '@mawid/service-kit';
import type { NearPlace, SalonOrder, SalonSearch } from '../db/find-salons.ts';
import { canManage } from '../domain/booking-rights.ts';
import { parsePlace, toBox } from '../domain/place.ts';
import { toSearchText, toSearchWords } from '../domain/search-text.ts';
import { errors } from '../errors.ts';
import { audience } from '../messages/enums.ts';

const usualRadiusKm = 20;

/** What a request looks for; throws PLACE_INVALID, and UNAUTHENTICATED for a stranger's own salons. */
export function toSalonSearch(request: ListSalonsRequest, context: HandlerContext): SalonSearch {
  const near = toNear(request);
  const user = request.mine ? requireUser(context) : undefined;
  return {
    order: toOrder(request.sort, { hasPlace: near !== undefined, locale: callerOf(context).locale }),
    words: toSearchWords(request.text),
    city: toSearchText(request.city),
    audience: audience.toWord(request.audience),
    serviceWords: toSearchWords(request.service),
    near,
    managerId: user?.userId,
    hasDrafts: user !== undefined && canManage(user, { managerId: user.userId }),
  };
}

// A radius around nowhere is a mistake of whoever asks: to leave it out would answer another question.
function toNear({ near, radiusKm }: ListSalonsRequest): NearPlace | undefined {
  if (near === '' && radiusKm === 0) return undefined;
  const place = parsePlace(near);
  if (!place) throw errors.placeInvalid();
  const radius = radiusKm || usualRadiusKm;
  return { place, radiusKm: radius, box: toBox(place, radius) };
}

function toOrder(sort: SalonSort, { hasPlace, locale }: { hasPlace: boolean; locale: 'ar' | 'en' }): SalonOrder {
  if (sort === SalonSort.NAME) return `name_${locale}`;
  if (sort === SalonSort.NEWEST) return 'newest';
  if (sort === SalonSort.DISTANCE && !hasPlace) throw errors.placeInvalid();
  return hasPlace ? 'distance' : 'oldest';
}
