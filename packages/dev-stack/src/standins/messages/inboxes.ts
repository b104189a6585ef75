import { openStore, type Table } from '../shared/store.ts';
import type { LogEntry, Message } from './types.ts';

/** Every inbox, and the log of accepted requests. */
export interface Inboxes {
  readonly messages: Table<Message>;
  readonly log: Table<LogEntry>;
  clear(): void;
  close(): void;
}

export function openInboxes(file: string | undefined): Inboxes {
  const store = openStore(file);
  return {
    messages: store.table('messages'),
    log: store.table('log'),
    clear: () => store.clear(),
    close: () => store.close(),
  };
}

/** Newest first. */
export function messagesTo(inboxes: Inboxes, to: string): Message[] {
  return inboxes.messages
    .list()
    .filter((message) => message.to === to)
    .reverse();
}

export interface InboxSummary {
  readonly to: string;
  readonly count: number;
  readonly last: Message;
}

/** The inboxes of phones, or of everything else; the one that received last comes first. */
export function summarizeInboxes(inboxes: Inboxes, kind: 'phones' | 'others'): InboxSummary[] {
  const byAddress = new Map<string, InboxSummary>();
  for (const message of inboxes.messages.list()) {
    if (message.to.startsWith('+') !== (kind === 'phones')) continue;
    const count = (byAddress.get(message.to)?.count ?? 0) + 1;
    byAddress.delete(message.to);
    byAddress.set(message.to, { to: message.to, count, last: message });
  }
  return [...byAddress.values()].reverse();
}
