import type { Channel } from '@grpc/grpc-js';

/** A server takes only so many calls at a time on one connection; RFC 9113 §6.5.2 asks for this many at least. */
const callsPerChannel = 100;

/**
 * The channels of calls that stream. Such calls last: on the connection of the others they would take all its places in
 * time, and every other call would wait there until it is too late.
 */
export interface StreamChannels {
  /** A channel with a place for one more call. */
  take(): StreamPlace;
  /** Takes no more calls; those in flight end with their answers. */
  close(): void;
}

export interface StreamPlace {
  readonly channel: Channel;
  /** To be called once, when the call is over. */
  free(): void;
}

/** Opens a channel with `open` whenever those it has are full, and closes those that are empty again, but for the first. */
export function createStreamChannels(open: () => Channel): StreamChannels {
  const lines: { readonly channel: Channel; calls: number }[] = [];
  let isClosed = false;

  function addLine() {
    const line = { channel: open(), calls: 0 };
    lines.push(line);
    if (isClosed) line.channel.close();
    return line;
  }

  return {
    take: () => {
      const line = lines.find(({ calls }) => calls < callsPerChannel) ?? addLine();
      line.calls += 1;
      return {
        channel: line.channel,
        free: () => {
          line.calls -= 1;
          if (line.calls > 0 || line === lines[0]) return;
          lines.splice(lines.indexOf(line), 1);
          line.channel.close();
        },
      };
    },
    close: () => {
      isClosed = true;
      for (const { channel } of lines) channel.close();
    },
  };
}
