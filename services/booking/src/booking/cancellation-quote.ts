import { createPageToken, reasonOf, requireCursor } from '@mawid/service-kit';
import type { Booking, CancelledBy } from '../domain/booking.ts';
import type { CancellationFigures, CancellationQuote } from '../domain/decide-cancellation.ts';
import { errors } from '../errors.ts';

/** For what a quote is good: nothing else that is signed can be taken for it, nor it for another booking, state or person. */
export interface QuoteScope {
  readonly key: string;
  readonly booking: Booking;
  readonly cancelledBy: CancelledBy;
}

/** The id of a quote. It carries the quote itself, signed: nothing is kept. */
export function createPreviewId(scope: QuoteScope, { feeAmount, refundAmount, validUntil }: CancellationQuote): string {
  return createPageToken(toPageScope(scope), [String(feeAmount), String(refundAmount), validUntil.toISOString()]);
}

/** The figures of a quote; undefined for the empty id. Throws PREVIEW_INVALID. */
export function requireQuote(scope: QuoteScope, previewId: string, now: Date): CancellationFigures | undefined {
  const [fee = '', refund = '', validUntil = ''] = readPreviewId(scope, previewId) ?? [];
  if (previewId === '') return undefined;
  if (new Date(validUntil) < now) throw errors.previewInvalid();
  return { feeAmount: BigInt(fee), refundAmount: BigInt(refund) };
}

function readPreviewId(scope: QuoteScope, previewId: string): readonly string[] | undefined {
  try {
    return requireCursor(toPageScope(scope), previewId);
  } catch (error) {
    throw reasonOf(error) === 'PAGE_TOKEN_INVALID' ? errors.previewInvalid() : error;
  }
}

function toPageScope({ key, booking, cancelledBy }: QuoteScope) {
  return { key, list: ['cancellation', booking.id, booking.version, cancelledBy] };
}
