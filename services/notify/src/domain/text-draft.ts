import type { TextFacts } from './facts.ts';

/** A text that a fact asks for. */
export interface TextDraft {
  /** One fact, one message. */
  readonly businessKey: string;
  readonly facts: TextFacts;
  readonly userId: string;
  readonly bookingId: string;
  /** Set where the text is only true of this version of the booking. */
  readonly bookingVersion?: bigint;
  readonly expiresAt: Date;
}
