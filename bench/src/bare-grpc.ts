/** The one setting that makes grpc-js cheaper for everybody: a comparison must not be won by it. */
export const withoutChannelz = { 'grpc.enable_channelz': 0 } as const;

/** The same bytes as a Buffer, without a copy. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
