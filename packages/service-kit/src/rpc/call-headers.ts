/** Metadata of calls, on every wire. */
export const callHeader = {
  authorization: 'authorization',
  language: 'accept-language',
  /** Name of the calling service. Believed only in plain text from loopback: over mutual TLS its certificate says it. */
  peer: 'x-mawid-peer',
  /** The end user's address, set by the gateway. Over mutual TLS believed of it alone, in plain text from trusted networks. */
  clientAddress: 'x-client-address',
  requestId: 'x-request-id',
  deviceId: 'x-device-id',
  /** What the end user's client calls itself, set by the gateway. */
  clientAgent: 'x-client-agent',
  idempotencyKey: 'idempotency-key',
  idempotencyReplayed: 'idempotency-replayed',
  ifMatch: 'if-match',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;
