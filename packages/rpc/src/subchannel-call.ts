import { createRequire } from 'node:module';

/** The prototype of grpc-js' call on its transport, which has no public name; undefined where a release of it has other insides. */
export function subchannelCallPrototype(): object | undefined {
  try {
    const insides: unknown = createRequire(import.meta.url)('@grpc/grpc-js/build/src/subchannel-call.js');
    return (insides as { Http2SubchannelCall?: { prototype: object } }).Http2SubchannelCall?.prototype;
  } catch {
    return undefined;
  }
}
