import { createRequire } from 'node:module';

/**
 * node:http2 keeps the streams of a client until a full collection, and grpc-js' calls hang on theirs by the listeners: 20 KB a call
 * outlive every scavenge, with all that our call, its interceptors and its caller hold. A call that has told its status
 * lets go of whom it told. (With the calls outside of their callers' contexts: 10 % of the CPU of a POST through the gateway.)
 */
interface SubchannelCall {
  statusOutput: boolean;
  listener: Listener;
  outputStatus(): void;
}

interface Listener {
  onReceiveMetadata(): void;
  onReceiveMessage(): void;
  onReceiveStatus(): void;
}

/** Nothing comes after the status; a stream that breaks while it closes must find somebody to ignore it. */
const nobody: Listener = {
  onReceiveMetadata: () => undefined,
  onReceiveMessage: () => undefined,
  onReceiveStatus: () => undefined,
};

/** Makes ended calls of grpc-js collectable; false when a release of it has other insides, and nothing was changed. */
export function releaseEndedCalls(): boolean {
  const call = findCall();
  if (typeof call?.outputStatus !== 'function') return false;
  const { outputStatus } = call;
  call.outputStatus = function (this: SubchannelCall) {
    if (this.statusOutput) return;
    outputStatus.call(this);
    // Behind the tick in which the status is told.
    process.nextTick(release, this);
  };
  return true;
}

function release(call: SubchannelCall): void {
  call.listener = nobody;
}

function findCall(): SubchannelCall | undefined {
  try {
    const insides: unknown = createRequire(import.meta.url)('@grpc/grpc-js/build/src/subchannel-call.js');
    return (insides as { Http2SubchannelCall?: { prototype: SubchannelCall } }).Http2SubchannelCall?.prototype;
  } catch {
    return undefined;
  }
}
