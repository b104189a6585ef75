import { escapeHtml } from '../../shared/escape-html.ts';
import type { Message } from '../types.ts';
import { inboxLayout } from './inbox-layout.ts';
import { toPageTime } from './page-time.ts';
import { toTextDirection } from './text-direction.ts';

const channelNames = { sms: 'SMS', whatsapp: 'WhatsApp', email: 'E-mail', push: 'Push' } as const;

/** One inbox like a phone shows it; Arabic messages run from the right. */
export function inboxPage(address: string, messages: readonly Message[]): string {
  const content = messages.map(toBubble).join('') || '<p class="empty">Nothing here yet.</p>';
  const subtitle = messages.length === 1 ? '1 message' : `${messages.length} messages, newest first`;
  return inboxLayout({ title: address, subtitle, backHref: '/', content });
}

function toBubble(message: Message): string {
  const facts = [message.sender, channelNames[message.channel], toPageTime(message.sent_at), message.provider];
  return `<article><p class="bubble" dir="${toTextDirection(message.body)}">${toBody(message)}</p>
<p class="meta">${escapeHtml(facts.join(' · '))}</p></article>`;
}

function toBody({ body, code }: Message): string {
  const text = escapeHtml(body);
  return code === undefined ? text : text.replace(code, `<bdi class="code">${code}</bdi>`);
}
