import { callHeader } from '@mawid/service-kit';
import { type AddressSet, clientAddressOf } from '../http/client-address.ts';
import type { Exchange } from '../http/exchange.ts';
import { clientAgentOf, deviceIdOf, headerOf, idempotencyKeyOf, ifMatchOf } from '../http/request-headers.ts';

/**
 * The metadata of a call made for a request: what services may know of the client. `x-mawid-peer` and `traceparent` are added by the client interceptors.
 * Language is sent only where somebody chose it, so that a service can tell a choice from our default.
 */
export function forwardedHeaders(exchange: Exchange, token: string | undefined, trustedProxies: AddressSet): Headers {
  const { request } = exchange;
  const address = clientAddressOf(request.socket.remoteAddress, headerOf(request, 'x-forwarded-for'), trustedProxies);
  const values: Record<string, string | undefined> = {
    [callHeader.authorization]: token && `Bearer ${token}`,
    [callHeader.language]: exchange.language,
    [callHeader.requestId]: exchange.requestId,
    [callHeader.clientAddress]: address,
    [callHeader.deviceId]: deviceIdOf(request),
    [callHeader.clientAgent]: clientAgentOf(request),
    [callHeader.idempotencyKey]: idempotencyKeyOf(request),
    [callHeader.ifMatch]: ifMatchOf(request),
  };
  const headers = new Headers();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') headers.set(name, value);
  }
  return headers;
}
