import type { DayOfWeek } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { Audience, PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Clients, type Person, person } from './bench.ts';

export interface ServicePlan {
  minutes: number;
  before?: number;
  after?: number;
  price?: bigint;
}

export interface SalonPlan {
  paymentPolicy?: PaymentPolicy;
  timeZone?: string;
  services?: ServicePlan[];
  /** For each staff member, which of the services; all when absent. */
  staff?: (number[] | undefined)[];
  opens?: string;
  closes?: string;
  minNoticeMinutes?: number;
  cancellationPolicy?: { freeUntilHours: number; lateFeePercent: number };
  isDraft?: boolean;
}

export interface MadeSalon {
  readonly id: string;
  readonly manager: Person;
  readonly serviceIds: string[];
  readonly staffIds: string[];
  /** Who signs in as each staff member. */
  readonly staff: Person[];
}

const week = [1, 2, 3, 4, 5, 6, 7] as DayOfWeek[];

/** Makes a salon as its manager would: through the RPCs. Open 10:00 to 18:00 every day, at payment in the salon. */
export async function makeSalon(bench: Clients, plan: SalonPlan = {}): Promise<MadeSalon> {
  const manager = person('manager');
  const { catalog, availability } = bench;
  const salon = await catalog.createSalon(
    {
      name: { ar: 'صالون الأناقة', en: 'Elegance' },
      city: { ar: 'الرياض', en: 'Riyadh' },
      audience: Audience.LADIES,
      paymentPolicy: plan.paymentPolicy ?? PaymentPolicy.AT_SALON,
      timeZone: plan.timeZone ?? '',
      bookingRules: { minNoticeMinutes: plan.minNoticeMinutes ?? 0 },
      ...(plan.cancellationPolicy && { cancellationPolicy: plan.cancellationPolicy }),
    },
    as(manager),
  );
  const weekly = week.map((day) => ({ day, opens: plan.opens ?? '10:00', closes: plan.closes ?? '18:00' }));
  await availability.setSalonHours({ salonId: salon.id, weekly }, as(manager));
  const serviceIds = await makeServices(bench, manager, { salonId: salon.id, services: plan.services });
  const staff: Person[] = [];
  const staffIds: string[] = [];
  for (const does of plan.staff ?? [undefined]) {
    const user = person('staff');
    const made = await catalog.createStaffMember(
      {
        salonId: salon.id,
        name: { ar: 'سارة', en: 'Sara' },
        serviceIds: does ? does.map((index) => serviceIds[index] ?? '') : serviceIds,
        userId: user.userId,
      },
      as(manager),
    );
    await availability.setStaffAvailability({ staffId: made.id, weekly }, as(manager));
    staff.push(user);
    staffIds.push(made.id);
  }
  if (!plan.isDraft) await catalog.publishSalon({ salonId: salon.id }, as(manager));
  return { id: salon.id, manager, serviceIds, staffIds, staff };
}

async function makeServices(
  { catalog }: Clients,
  manager: Person,
  { salonId, services = [{ minutes: 60 }] }: { salonId: string; services: ServicePlan[] | undefined },
): Promise<string[]> {
  const ids: string[] = [];
  for (const { minutes, before = 0, after = 0, price = 10_000n } of services) {
    const service = await catalog.createService(
      {
        salonId,
        name: { ar: 'قص شعر', en: 'Haircut' },
        durationMinutes: minutes,
        bufferBeforeMinutes: before,
        bufferAfterMinutes: after,
        price: { amount: price, currency: 'SAR' },
      },
      as(manager),
    );
    ids.push(service.id);
  }
  return ids;
}
