import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';

/** Messages are read and written by us, so that errors are the same on both wires; grpc-js only moves their bytes. */
export function passBytes(bytes: Buffer): Buffer {
  return bytes;
}

/** A message of its bytes; INVALID_ARGUMENT (or the given code) when they are none. */
export function parseMessage<D extends DescMessage>(
  schema: D,
  bytes: Buffer,
  code = Code.InvalidArgument,
): MessageShape<D> {
  try {
    // A plain view: `bytes` fields are to be Uint8Arrays, not Buffers.
    return fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new ConnectError(`parse ${schema.typeName}: not a valid message`, code, undefined, undefined, cause);
  }
}

/** The bytes of a message; RESOURCE_EXHAUSTED when they are more than `maxBytes`. */
export function serializeMessage<D extends DescMessage>(schema: D, message: MessageShape<D>, maxBytes: number): Buffer {
  const bytes = toBinary(schema, message);
  if (bytes.byteLength > maxBytes) {
    const text = `message size ${bytes.byteLength} is larger than the limit of ${maxBytes} bytes`;
    throw new ConnectError(text, Code.ResourceExhausted);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
