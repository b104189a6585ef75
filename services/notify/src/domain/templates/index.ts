import type { BookingCancelledFacts, Language, SecurityNoticeFacts, TextKind } from '../facts.ts';
import { ar } from './ar/index.ts';
import { en } from './en/index.ts';

interface AppointmentValues {
  readonly salon: string;
  readonly start: Date;
}

/** What each template is filled with. `start` and `before` are written by the formats `day` and `clock`. */
export interface TemplateValues {
  readonly booking_held: AppointmentValues & { readonly amount: string; readonly before: Date };
  readonly booking_confirmed: AppointmentValues;
  readonly booking_cancelled: AppointmentValues &
    Pick<BookingCancelledFacts, 'by' | 'refund'> & { readonly amount: string };
  readonly refund_succeeded: { readonly amount: string };
  readonly security_notice: Pick<SecurityNoticeFacts, 'notice' | 'detail'>;
}

/** The names of the values, for the check that every template uses each of them and no other. */
export const templateVariables: { readonly [K in TextKind]: readonly (keyof TemplateValues[K] & string)[] } = {
  booking_held: ['salon', 'start', 'amount', 'before'],
  booking_confirmed: ['salon', 'start'],
  booking_cancelled: ['salon', 'start', 'by', 'refund', 'amount'],
  refund_succeeded: ['amount'],
  security_notice: ['notice', 'detail'],
};

/** One text per kind, in ICU MessageFormat. */
export type TemplateSet = Readonly<Record<TextKind, string>>;

export const templates: Readonly<Record<Language, TemplateSet>> = { ar, en };
