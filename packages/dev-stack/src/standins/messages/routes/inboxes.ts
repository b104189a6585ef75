import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toHtml, toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { messagesTo, summarizeInboxes } from '../inboxes.ts';
import { inboxPage } from '../pages/inbox-page.ts';
import { overviewPage } from '../pages/overview-page.ts';

export function listPhones({ inboxes }: Context): Reply {
  const phones = summarizeInboxes(inboxes, 'phones');
  return toJson(
    200,
    phones.map(({ to, count, last }) => ({ phone: to, messages: count, last_sent_at: last.sent_at })),
  );
}

/** Newest first; an inbox that got nothing is empty, not missing. */
export function listMessages({ inboxes }: Context, request: StandinRequest): Reply {
  return toJson(200, messagesTo(inboxes, toAddress(request)));
}

export function showOverview({ inboxes }: Context): Reply {
  const page = overviewPage(summarizeInboxes(inboxes, 'phones'), summarizeInboxes(inboxes, 'others'));
  return toHtml(200, page);
}

export function showInbox({ inboxes }: Context, request: StandinRequest): Reply {
  const address = toAddress(request);
  return toHtml(200, inboxPage(address, messagesTo(inboxes, address)));
}

export function getLog({ inboxes }: Context): Reply {
  return toJson(200, inboxes.log.list());
}

/** `+9665…`, `%2B9665…`, and ` 9665…`, which is what a plus becomes in some clients. */
function toAddress({ params, path }: StandinRequest): string {
  const address = (params.address ?? '').trim();
  return path.startsWith('/phones/') && /^\d+$/.test(address) ? `+${address}` : address;
}
