import type { Client, Transport } from '@connectrpc/connect';
import { createClient } from '@connectrpc/connect';
import { AvailabilityService, type DayOfWeek } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { Audience, PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { TestIssuer } from '@mawid/service-kit/testing';

/** A salon of the bench. */
export interface BenchSalon {
  readonly id: string;
  /** Half an hour, done by all of the staff. */
  readonly serviceId: string;
  readonly staffIds: readonly string[];
}

interface Makers {
  readonly catalog: Client<typeof CatalogService>;
  readonly availability: Client<typeof AvailabilityService>;
  readonly headers: Record<string, string>;
}

/** From 09:00 to 23:00 in Riyadh, every day. */
const weekly = ([1, 2, 3, 4, 5, 6, 7] as DayOfWeek[]).map((day) => ({ day, opens: '09:00', closes: '23:00' }));
const name = { ar: 'صالون الأناقة', en: 'Elegance' };

/** Makes published salons through the RPCs, as their manager would. */
export async function makeSalons(
  transport: Transport,
  issuer: TestIssuer,
  { salons, staff }: { salons: number; staff: number },
): Promise<BenchSalon[]> {
  const token = await issuer.sign({ userId: crypto.randomUUID(), role: 'manager' });
  const headers = { authorization: `Bearer ${token}` };
  const catalog = createClient(CatalogService, transport);
  const makers = { catalog, availability: createClient(AvailabilityService, transport), headers };
  const made: BenchSalon[] = [];
  for (let n = 0; n < salons; n += 1) made.push(await makeSalon(makers, staff));
  return made;
}

async function makeSalon({ catalog, availability, headers }: Makers, staffCount: number): Promise<BenchSalon> {
  const salon = await catalog.createSalon(
    {
      ...{ name, city: { ar: 'الرياض', en: 'Riyadh' }, timeZone: 'Asia/Riyadh' },
      ...{ audience: Audience.LADIES, paymentPolicy: PaymentPolicy.AT_SALON },
      bookingRules: { slotStepMinutes: 15, maxAdvanceDays: 90, maxOpenBookings: 100 },
    },
    { headers },
  );
  const salonId = salon.id;
  await availability.setSalonHours({ salonId, weekly }, { headers });
  const serviceIds: string[] = [];
  for (const durationMinutes of [30, 45, 60]) {
    const price = { amount: 11_500n, currency: 'SAR' };
    serviceIds.push((await catalog.createService({ salonId, name, durationMinutes, price }, { headers })).id);
  }
  const staffIds: string[] = [];
  for (let n = 0; n < staffCount; n += 1) {
    const { id: staffId } = await catalog.createStaffMember({ salonId, name, serviceIds }, { headers });
    await availability.setStaffAvailability({ staffId, weekly }, { headers });
    staffIds.push(staffId);
  }
  await catalog.publishSalon({ salonId }, { headers });
  return { id: salonId, serviceId: serviceIds[0] ?? '', staffIds };
}
