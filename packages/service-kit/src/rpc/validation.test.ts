import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { type ConnectError, createContextValues } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { BadRequestSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { reasonOf } from '../errors/refuse.ts';
import { validation } from './validation.ts';

interface UnaryMethod<I extends DescMessage> {
  readonly input: I;
}

/** The refusal that the interceptor answers a request with; undefined when it lets it pass. */
async function refusalOf<I extends DescMessage>(
  method: UnaryMethod<I>,
  init: MessageInitShape<I>,
): Promise<ConnectError | undefined> {
  const request = {
    stream: false,
    method,
    message: create(method.input, init),
    contextValues: createContextValues(),
  };
  try {
    await validation()(async () => ({}) as never)(request as never);
    return undefined;
  } catch (error) {
    return error as ConnectError;
  }
}

function fieldsOf(refusal: ConnectError | undefined): string[] {
  return (refusal?.findDetails(BadRequestSchema) ?? []).flatMap((each) => each.fieldViolations).map((it) => it.field);
}

const salon = {
  name: { ar: 'صالون', en: 'Salon' },
  city: { ar: 'الرياض', en: 'Riyadh' },
  timeZone: 'Asia/Riyadh',
};

describe('validation', () => {
  it('refuses a text that PostgreSQL cannot keep, and names the field', async () => {
    const refusal = await refusalOf(CatalogService.method.listSalons, { text: 'a\0b' });
    expect(reasonOf(refusal)).toBe('VALIDATION_FAILED');
    expect(fieldsOf(refusal)).toEqual(['text']);
  });

  it('finds such a text in nested messages and lists', async () => {
    const nested = await refusalOf(CatalogService.method.createSalon, { ...salon, name: { ar: '\0', en: 'Salon' } });
    expect(fieldsOf(nested)).toContain('name.ar');
    const listed = await refusalOf(BookingService.method.createBooking, {
      items: [{ serviceId: 'x' }, { serviceId: '\0' }],
    });
    expect(fieldsOf(listed)).toContain('items[1].service_id');
  });

  it('names no more fields than trailers carry, and of a large request one', async () => {
    const items = (count: number) => ({ items: Array.from({ length: count }, () => ({ serviceId: 'x' })) });
    expect(fieldsOf(await refusalOf(BookingService.method.createBooking, items(200)))).toHaveLength(20);
    expect(fieldsOf(await refusalOf(BookingService.method.createBooking, items(20_000)))).toHaveLength(1);
  });

  it('lets every other text pass', async () => {
    expect(await refusalOf(CatalogService.method.listSalons, { text: '\u0001\u007f\ufeff💈 ق' })).toBeUndefined();
  });
});
