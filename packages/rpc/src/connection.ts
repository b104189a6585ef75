import type { DescMethod } from '@bufbuild/protobuf';
import { Channel, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { toPath } from './routes.ts';

/** A channel to all servers behind one address, and what every call over it needs. */
export interface Connection {
  readonly channel: Channel;
  readonly maxRequestBytes: number;
  readonly defaultDeadlineMs: number;
  /** The URL of a method, as interceptors see it. */
  urlOf(method: DescMethod): string;
}

export interface ConnectionOptions {
  maxRequestBytes: number;
  maxAnswerBytes: number;
  defaultDeadlineMs: number;
  keepaliveMs: number;
}

const roundRobin = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });

/** Prepares a channel to `host:port`, `dns:///name:port` or `ipv4:a:port,b:port`; it connects at the first call. */
export function createConnection(address: string, options: ConnectionOptions): Connection {
  const authority = address.slice(address.lastIndexOf('/') + 1);
  return {
    channel: new Channel(address, credentials.createInsecure(), toChannelOptions(options)),
    maxRequestBytes: options.maxRequestBytes,
    defaultDeadlineMs: options.defaultDeadlineMs,
    urlOf: (method) => `http://${authority}${toPath(method)}`,
  };
}

function toChannelOptions(options: ConnectionOptions): ChannelOptions {
  return {
    'grpc.service_config': roundRobin,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': options.maxAnswerBytes,
    'grpc.keepalive_time_ms': options.keepaliveMs,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
    // grpc-js waits a second after the first failure and up to two minutes later on; a restarted neighbour is back sooner.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 3_000,
    'grpc.dns_min_time_between_resolutions_ms': 5_000,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    'grpc.enable_http_proxy': 0,
  };
}
