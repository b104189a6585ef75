import { escapeHtml } from '../../shared/escape-html.ts';
import type { InboxSummary } from '../inboxes.ts';
import { inboxLayout } from './inbox-layout.ts';
import { toPageTime } from './page-time.ts';
import { toTextDirection } from './text-direction.ts';

/** All inboxes, the one that received last on top. */
export function overviewPage(phones: readonly InboxSummary[], others: readonly InboxSummary[]): string {
  const parts = [toList('Phones', '/phones/', phones), toList('Devices and mailboxes', '/inboxes/', others)];
  const content = parts.join('') || '<p class="empty">No message has been sent yet.</p>';
  const subtitle = 'Every message that would have left the system. Times in Riyadh.';
  return inboxLayout({ title: 'Inboxes', subtitle, content });
}

function toList(heading: string, base: string, inboxes: readonly InboxSummary[]): string {
  if (inboxes.length === 0) return '';
  const items = inboxes.map((inbox) => toItem(base, inbox)).join('');
  return `<h2>${heading}</h2><ul class="list">${items}</ul>`;
}

function toItem(base: string, { to, count, last }: InboxSummary): string {
  const firstLine = last.body.split('\n')[0] ?? '';
  return `<li><a href="${base}${encodeURIComponent(to)}"><b><bdi>${escapeHtml(to)}</bdi></b><time>${toPageTime(last.sent_at)}</time>
<span class="last" dir="${toTextDirection(firstLine)}">${escapeHtml(firstLine)}</span><span class="count">${count}</span></a></li>`;
}
