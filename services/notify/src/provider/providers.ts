import type { Language } from '../domain/facts.ts';

export interface CodeOrder {
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  readonly channel: 'sms' | 'whatsapp';
  readonly language: Language;
}

export interface TextOrder {
  /** The message's id: the provider refuses a second message with the same one. */
  readonly messageId: string;
  /** E.164. */
  readonly phone: string;
  readonly body: string;
}

/** Sends one-time codes. Throws ProviderError; a call is never repeated inside. Not idempotent. */
export interface CodeProvider {
  readonly name: string;
  sendCode(order: CodeOrder): Promise<void>;
}

/** Sends texts. Throws ProviderError; a call is never repeated inside. */
export interface TextProvider {
  readonly name: string;
  /** `already_taken`: an earlier call, whose answer we never saw, had succeeded. */
  sendText(order: TextOrder): Promise<'taken' | 'already_taken'>;
}

export interface Providers {
  readonly code: CodeProvider;
  readonly text: TextProvider;
}
