/** Lines of a text/event-stream (HTML Standard, "Server-sent events"). JSON of ours holds no line breaks, so each event has one data line. */
const unfitForId = /[\0\r\n]/;

/** One message as an event; `id` is left out where it is empty or would break its line. */
export function toEvent(json: string, id: string): string {
  return id === '' || unfitForId.test(id) ? `data: ${json}\n\n` : `id: ${id}\ndata: ${json}\n\n`;
}

/** What a client is told when the stream ends by an error. */
export function toErrorEvent(json: string): string {
  return `event: error\ndata: ${json}\n\n`;
}

/** A comment: keeps proxies and phones from taking the connection for dead, and says nothing to the client's code. */
export const heartbeat = ':\n\n';

/** How long a client waits before it comes back, spread over twice `ms` so that not all of them come at once. */
export function toRetry(ms: number): string {
  return `retry: ${Math.round(ms * (1 + Math.random()))}\n\n`;
}
