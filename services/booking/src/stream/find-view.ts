import { reasonOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { findCalendarViewer } from '../db/find-calendar-viewer.ts';
import type { User } from '../domain/booking-rights.ts';
import { errors } from '../errors.ts';
import { type CalendarView, toCalendarView } from './calendar-view.ts';

export interface Viewing {
  readonly salonId: string;
  readonly user: User;
}

/** What the user sees of the salon's calendar now. Throws where that is nothing: a draft of others is NOT_FOUND. */
export async function requireView({ database }: Context, { salonId, user }: Viewing): Promise<CalendarView> {
  const viewer = await findCalendarViewer(database, salonId, user.userId);
  const view = viewer && toCalendarView(user, viewer);
  if (view) return view;
  throw viewer?.isPublished ? errors.permissionDenied() : errors.notFound();
}

/** The same; what was known before where the database cannot say, which has no news then either. */
export async function findView(ctx: Context, viewing: Viewing, before: CalendarView): Promise<CalendarView> {
  try {
    return await requireView(ctx, viewing);
  } catch (error) {
    if (reasonOf(error) !== undefined) throw error;
    ctx.logger.debug({ err: error, salon_id: viewing.salonId }, 'the rights of a watcher cannot be read');
    return before;
  }
}
