export type Channel = 'sms' | 'whatsapp' | 'email' | 'push';
export type Provider = 'authentica' | 'unifonic' | 'taqnyat' | 'fcm';

/** One message that a provider accepted, in the inbox of a phone (`+9665…`), an e-mail address or a device token. */
export interface Message {
  readonly id: string;
  readonly to: string;
  readonly channel: Channel;
  readonly body: string;
  readonly sent_at: string;
  readonly provider: Provider;
  readonly sender: string;
  /** The one-time code inside `body`, when it carries one. */
  readonly code?: string;
}

/** One accepted request, in order; the audit for exactly-once sending reads these. */
export interface LogEntry {
  readonly id: string;
  readonly at: string;
  readonly provider: Provider;
  readonly operation: string;
  readonly to: readonly string[];
  readonly message_ids: readonly string[];
  readonly correlation_id?: string;
  readonly traceparent?: string;
  readonly body: string;
}
