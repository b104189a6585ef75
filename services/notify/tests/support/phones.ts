import type { LogEntry, Message, MessagesStandin } from '../../../../packages/dev-stack/src/standins/messages/index.ts';

/** The stand-in for the providers, seen from outside. */
export interface Phones {
  messages(phone: string): Promise<Message[]>;
  /** Accepted requests to a phone, in order. */
  log(phone: string): Promise<LogEntry[]>;
  addFault(fault: { mode: string; match?: string; ms?: number; status?: number; times?: number }): Promise<void>;
  clearFaults(): Promise<void>;
}

export const sendText = 'POST /rest/SMS/messages';
export const sendCode = 'POST /api/v2/send-otp';

export function createPhones({ url }: Pick<MessagesStandin, 'url'>): Phones {
  return {
    messages: (phone) => readJson(`${url}/phones/${encodeURIComponent(phone)}/messages`),
    async log(phone) {
      const entries = await readJson<LogEntry[]>(`${url}/_log`);
      return entries.filter(({ to }) => to.includes(phone));
    },
    async addFault(fault) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/_control`, { method: 'POST', headers, body: JSON.stringify(fault) });
      if (!response.ok) throw new Error(await response.text());
    },
    async clearFaults() {
      await fetch(`${url}/_control`, { method: 'DELETE' });
    },
  };
}

async function readJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  return (await response.json()) as T;
}
