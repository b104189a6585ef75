import type { Language, TextFacts } from './facts.ts';

interface Draft {
  /** One fact, one message. */
  readonly businessKey: string;
  readonly facts: TextFacts;
  readonly userId: string;
  readonly expiresAt: Date;
}

/** A text about a booking, to wherever the person is reached when it is sent. */
export interface BookingDraft extends Draft {
  readonly bookingId: string;
  /** Set where the text is only true of this version of the booking. */
  readonly bookingVersion?: bigint;
}

/** A text about the person's account, to the number that the fact names. */
export interface NoticeDraft extends Draft {
  readonly noticeId: string;
  readonly to: { readonly phone: string; readonly language: Language };
  /** Nothing of the person is kept after the message's end. */
  readonly forgets: boolean;
}

/** A text that a fact asks for. */
export type TextDraft = BookingDraft | NoticeDraft;
