import { type Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { ErrorInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { type DownloadRequest, StreamService, type WatchRequest } from '../gen/gateway/test/v1/stream_service_pb.js';
import { toTestApi } from './serve-api.ts';

/** What the service has seen of its streams. */
export const seen = { open: 0, sent: 0, lastAfterId: '' };

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function failure(code: number, reason: string): ConnectError {
  const error = new ConnectError('inner words', code as Code);
  if (reason !== '') error.details.push({ desc: ErrorInfoSchema, value: { reason, domain: 'mawid', metadata: {} } });
  return error;
}

async function* watch(request: WatchRequest, { signal }: HandlerContext) {
  seen.open += 1;
  seen.lastAfterId = request.afterId;
  try {
    const start = Number(request.afterId || 0);
    for (let id = start + 1; id <= start + request.count; id++) {
      if (request.waitMs > 0) await pause(request.waitMs, signal);
      seen.sent += 1;
      yield {
        noticeId: request.anonymous ? '' : String(id),
        text: request.size > 0 ? 'x'.repeat(request.size) : `notice ${id}\n`,
      };
    }
    if (request.count === 0 && request.waitMs > 0) await pause(request.waitMs, signal);
    if (request.failCode !== 0) throw failure(request.failCode, request.failReason);
    if (request.stays) await pause(2 ** 30, signal);
  } finally {
    seen.open -= 1;
  }
}

async function* download(request: DownloadRequest, { signal }: HandlerContext) {
  for (let part = 0; part < request.count; part++) {
    if (request.waitMs > 0) await pause(request.waitMs, signal);
    seen.sent += 1;
    yield {
      contentType: part === 0 ? request.contentType : 'not/looked-at',
      data: new Uint8Array(request.size).fill(97 + part),
    };
  }
  if (request.failCode !== 0) throw failure(request.failCode, '');
}

const handlers: ServiceImpl<typeof StreamService> = { watch, watchOwn: watch, download };

/** A service of streams; `/s/own` needs a token. */
export const streamApi = toTestApi(StreamService, handlers, {
  Watch: { rest: { eventIdField: 'notice_id', lastEventIdField: 'after_id' } },
  WatchOwn: { access: { signedIn: true }, rest: { eventIdField: 'notice_id', lastEventIdField: 'after_id' } },
});
