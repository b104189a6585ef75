/** Metadata of calls, on every wire. */
export const callHeader = {
  authorization: 'authorization',
  language: 'accept-language',
  /** Name of the calling service. Believed only where it cannot be forged. */
  peer: 'x-mawid-peer',
  /** The end user's address, set by the gateway. Believed only from trusted networks. */
  clientAddress: 'x-client-address',
  requestId: 'x-request-id',
  deviceId: 'x-device-id',
  idempotencyKey: 'idempotency-key',
  idempotencyReplayed: 'idempotency-replayed',
  ifMatch: 'if-match',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;
