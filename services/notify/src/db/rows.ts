import type { Language, MessageKind, TextFacts } from '../domain/facts.ts';

export type LaneName = 'code' | 'text';
export type ChannelName = 'sms' | 'whatsapp';

/** A message that this process has the lease of. */
export interface ClaimedRow {
  id: string;
  kind: MessageKind;
  referenceId: string;
  bookingId: string | null;
  bookingVersion: bigint | null;
  facts: TextFacts | null;
  sealedCode: string | null;
  channel: ChannelName;
  /** What the message was first tried with, else the contact's; null while the contact is not known. */
  phone: string | null;
  language: Language | null;
  /** Set once it was tried. */
  body: string | null;
  /** A code's provider was called before, and how that ended is not known. */
  isCallOpen: boolean;
  /** Nothing of the person is kept after its end. */
  forgets: boolean;
  /** The person is gone for good. */
  isErased: boolean;
  attempts: number;
  waits: number;
  reason: string | null;
  expiresAt: Date;
  leaseId: string;
  traceparent: string | null;
  tracestate: string | null;
  createdAt: Date;
}
