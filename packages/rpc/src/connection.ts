import type { DescMethod } from '@bufbuild/protobuf';
import { Channel, type ChannelOptions, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { answersBeforeStatus } from './answers-before-status.ts';
import { releaseEndedCalls } from './release-ended-calls.ts';
import { toPath } from './routes.ts';
import { createStreamChannels, type StreamChannels } from './stream-channels.ts';
import type { Certificates } from './tls/certificates.ts';
import { type ChannelSecurity, hostOf, toChannelSecurity } from './tls/channel-credentials.ts';

/** Channels to all servers behind one address, and what every call over them needs. */
export interface Connection {
  /** Of unary calls. */
  readonly channel: Channel;
  readonly streamChannels: StreamChannels;
  readonly maxRequestBytes: number;
  readonly defaultDeadlineMs: number;
  /** Requests of at least so many bytes are gzipped; undefined: none. */
  readonly gzipRequestsFrom: number | undefined;
  /** The URL of a method, as interceptors see it. */
  urlOf(method: DescMethod): string;
}

export interface ConnectionOptions {
  maxRequestBytes: number;
  maxAnswerBytes: number;
  defaultDeadlineMs: number;
  keepaliveMs: number;
  keepaliveTimeoutMs: number;
  gzipRequestsFrom: number | undefined;
  certificates?: Certificates | undefined;
  serverName?: string | undefined;
}

releaseEndedCalls();

const roundRobin = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });

/** Prepares a channel to `host:port`, `dns:///name:port` or `ipv4:a:port,b:port`; it connects at the first call. */
export function createConnection(address: string, options: ConnectionOptions): Connection {
  const authority = address.slice(address.lastIndexOf('/') + 1);
  const scheme = options.certificates === undefined ? 'http' : 'https';
  const security = toSecurity(address, options);
  const channelOptions = { ...toChannelOptions(options), ...security.options };
  const open = (): Channel => new Channel(address, security.credentials, channelOptions);
  return {
    channel: open(),
    streamChannels: createStreamChannels(open),
    maxRequestBytes: options.maxRequestBytes,
    defaultDeadlineMs: options.defaultDeadlineMs,
    gzipRequestsFrom: options.gzipRequestsFrom,
    urlOf: (method) => `${scheme}://${authority}${toPath(method)}`,
  };
}

function toSecurity(address: string, { certificates, serverName }: ConnectionOptions): ChannelSecurity {
  return certificates === undefined
    ? { credentials: credentials.createInsecure(), options: {} }
    : toChannelSecurity(certificates, serverName ?? hostOf(address));
}

function toChannelOptions(options: ConnectionOptions): ChannelOptions {
  return {
    'grpc.service_config': roundRobin,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': options.maxAnswerBytes,
    'grpc.keepalive_time_ms': options.keepaliveMs,
    'grpc.keepalive_timeout_ms': options.keepaliveTimeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
    // grpc-js waits a second after the first failure and up to two minutes later on; a restarted neighbour is back sooner.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 3_000,
    'grpc.dns_min_time_between_resolutions_ms': 5_000,
    ...answersBeforeStatus(),
    'grpc.use_local_subchannel_pool': 1,
    ...(options.gzipRequestsFrom === undefined
      ? {}
      : { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }),
    'grpc.enable_channelz': 0,
    'grpc.enable_http_proxy': 0,
  };
}
