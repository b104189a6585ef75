import type { Message } from '@bufbuild/protobuf';
import { callHeader, networkOf } from '@mawid/service-kit';
import type { Exchange } from '../../http/exchange.ts';
import { ClientGoneError } from '../../http/read-body.ts';
import { headerOf } from '../../http/request-headers.ts';
import type { Answer } from '../../http/send.ts';
import type { StreamBinding } from '../binding.ts';
import { type PreparedCall, prepareCall } from '../prepare-call.ts';
import { Refusal } from '../problem/refusal.ts';
import type { RequestPath } from '../request-path.ts';
import { assertAcceptsEvents, eventStream } from './accepts-events.ts';
import { receive } from './receive.ts';
import type { StreamPlan } from './stream-plan.ts';
import { refusalOfEnd, type StreamCallOptions, type StreamWork } from './stream-work.ts';
import { writeBytes } from './write-bytes.ts';
import { writeEvents } from './write-events.ts';

/** How long an event stream waits for a first event or a refusal before it starts in silence: a refusal is worth more with a status of its own. */
const earlyMs = 1_000;
const eventHeaders = { 'x-accel-buffering': 'no' };

/** Makes a call whose answers come one by one. Throws whatever toRefusal understands, as long as nothing has been answered. */
export async function callStream(
  exchange: Exchange,
  binding: StreamBinding,
  path: RequestPath,
  options: StreamCallOptions,
): Promise<Answer> {
  const plan = binding.stream;
  if (plan.kind === 'events') assertAcceptsEvents(headerOf(exchange.request, 'accept'));
  const call = await prepareCall(exchange, binding, path, options);
  if (plan.kind === 'events') resume(exchange, plan, call.request);
  // What a GET would be answered with is known without a call.
  if (plan.kind === 'events' && exchange.method === 'HEAD') {
    return { status: 200, headers: { ...eventHeaders, 'content-type': eventStream } };
  }
  const live = options.streams.open({
    response: exchange.response,
    socket: exchange.request.socket,
    route: binding.route,
    caller: callerOf(call),
    expiresAt: plan.kind === 'events' ? call.identity.principal?.expiresAt : undefined,
    endsOnDrain: plan.kind === 'events',
  });
  exchange.stream = live;
  const messages = receive({ binding, call, live, options });
  const start = plan.kind === 'events' ? startEvents : startBytes;
  try {
    return await start({ exchange, binding, live, token: call.identity.token, messages, options });
  } catch (error) {
    const end = live.end;
    live.stop('failed');
    if (end === undefined) throw error;
    throw refusalOfEnd(end) ?? new ClientGoneError('the client left before the stream began', { cause: error });
  }
}

async function startEvents(work: StreamWork): Promise<Answer> {
  const first = work.messages.next();
  // Nobody may be left to read it.
  first.catch(() => undefined);
  await Promise.race([first, pause(earlyMs, work.live.signal)]);
  return {
    status: 200,
    headers: { ...eventHeaders, 'content-type': eventStream },
    write: () => writeEvents(work, first),
  };
}

/** A download starts with its first part, which says of what type it is. */
async function startBytes(work: StreamWork): Promise<Answer> {
  const { binding, exchange, live, messages, options } = work;
  const late = pause(options.requestTimeoutMs, live.signal).then(() => 'late' as const);
  const arriving = messages.next();
  arriving.catch(() => undefined);
  const first = await Promise.race([arriving, late]);
  if (first === 'late') throw new Refusal('DEADLINE_EXCEEDED', { status: 504 });
  const { contentType = 'application/octet-stream', content } =
    first.done === true ? { content: '' } : binding.encode(first.value);
  const isOver = first.done === true || exchange.method === 'HEAD';
  if (isOver) live.stop('complete');
  return {
    status: 200,
    headers: { 'content-type': contentType },
    write: isOver ? async () => void exchange.response.end() : () => writeBytes(work, content),
  };
}

/** EventSource sends the id of the last event it saw with the same URL as before: the header is newer than the query. */
function resume({ request }: Exchange, plan: StreamPlan & { kind: 'events' }, message: Message): void {
  const header = headerOf(request, 'last-event-id');
  if (header === undefined || plan.lastEventId === undefined) return;
  // It is UTF-8 (HTML Standard), and node:http reads headers as Latin-1.
  plan.lastEventId.set(message, Buffer.from(header, 'latin1').toString('utf8'));
}

function callerOf({ identity, headers }: PreparedCall): string {
  const userId = identity.principal?.userId;
  return userId === undefined ? `address ${networkOf(headers.get(callHeader.clientAddress) ?? '')}` : `user ${userId}`;
}

/** Resolves after a time, or when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms).unref();
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
