import { type Core, closeCore, openCore } from '@mawid/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Calendars, createCalendars } from './calendar/create-calendars.ts';
import type { Config } from './config.ts';
import { PrismaClient } from './db/generated/client.ts';
import { type CalendarFeed, createCalendarFeed } from './stream/calendar-feed.ts';
import { createMetrics, type Metrics } from './telemetry.ts';

export interface Context extends Core {
  config: Config;
  /** For the catalogue; bookings and times are read and written by prepared statements. */
  prisma: PrismaClient;
  metrics: Metrics;
  /** What free times depend on beside claims, kept in this process. */
  calendars: Calendars;
  /** What happens in calendars, for those who watch them. */
  calendarFeed: CalendarFeed;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const prisma =
    overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool, { disposeExternalPool: false }) });
  const metrics = overrides.metrics ?? createMetrics(core.telemetry);
  const calendars =
    overrides.calendars ??
    createCalendars({
      shared: core.database,
      maxSalons: config.calendarCacheSalons,
      reads: metrics.calendarReads,
    });
  const calendarFeed = overrides.calendarFeed ?? createCalendarFeed(config.streamEvents);
  return { ...core, config, prisma, metrics, calendars, calendarFeed };
}

export async function closeContext(ctx: Context): Promise<void> {
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}
