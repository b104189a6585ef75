import { controlRoutes } from '../../shared/control-routes.ts';
import { plainRoute, providerRoute, type Reply, type Route, type StandinRequest } from '../../shared/http-types.ts';
import { callModes } from '../../shared/play-faults.ts';
import type { Context } from '../context.ts';
import { getBalance, sendOtp, sendSms } from './authentica.ts';
import { sendFcmMessage } from './fcm.ts';
import { getLog, listMessages, listPhones, showInbox, showOverview } from './inboxes.ts';
import { sendTaqnyatSms } from './taqnyat.ts';
import { sendUnifonicSms } from './unifonic.ts';

type ContextHandler = (ctx: Context, request: StandinRequest) => Reply;

/** The whole route table: four providers, the inboxes, and the stand-in's own levers. */
export function messagesRoutes(ctx: Context): Route[] {
  const provider = (method: string, path: string, handle: ContextHandler) =>
    providerRoute(method, path, (request) => handle(ctx, request));
  const view = (path: string, handle: ContextHandler) => plainRoute('GET', path, (request) => handle(ctx, request));
  return [
    provider('POST', '/api/v2/send-otp', sendOtp),
    provider('POST', '/api/v2/send-sms', sendSms),
    provider('GET', '/api/v2/balance', getBalance),
    provider('POST', '/rest/SMS/messages', sendUnifonicSms),
    provider('POST', '/v1/messages', sendTaqnyatSms),
    provider('POST', '/v1/projects/{project}/messages:send', sendFcmMessage),
    view('/', showOverview),
    view('/phones', listPhones),
    view('/phones/{address}', showInbox),
    view('/phones/{address}/messages', listMessages),
    view('/inboxes/{address}', showInbox),
    view('/inboxes/{address}/messages', listMessages),
    view('/_log', getLog),
    ...controlRoutes({ faults: ctx.faults, modes: callModes, reset: () => ctx.inboxes.clear() }),
  ];
}
