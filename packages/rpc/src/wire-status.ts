import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { type Status, StatusSchema } from './gen/google/rpc/status_pb.js';
import { toHeaders, toMetadata } from './metadata.ts';

const detailsKey = 'grpc-status-details-bin';

/** Longer texts would meet the peers' limits of header sizes; nobody reads them either. */
const maxMessageLength = 2048;

/** Details beyond it are left out, in bytes: trailers that are too large end the call without any status. */
const maxDetailsBytes = 16_384;

/**
 * The gRPC status of an error. Its details travel as google.rpc.Status in `grpc-status-details-bin`, its metadata and
 * the handler's trailers as trailers. The metadata of an error that came from another server is not passed on.
 */
export function toWireStatus(error: ConnectError, trailer: Headers | undefined): StatusObject {
  const text = error.rawMessage.slice(0, maxMessageLength).toWellFormed();
  const metadata = new Metadata();
  try {
    toMetadata(trailer, metadata);
    if (!isFromWire(error)) toMetadata(error.metadata, metadata);
  } catch {
    // The error itself matters more than trailers that gRPC cannot carry.
  }
  if (error.details.length > 0) metadata.set(detailsKey, Buffer.from(toBinary(StatusSchema, toStatus(error, text))));
  return { code: error.code as number, details: text, metadata };
}

/** The error of a status that came from the wire. Its metadata holds the response's headers and trailers. */
export function fromWireStatus(status: StatusObject, header: Metadata | undefined): ConnectError {
  const metadata = toHeaders(status.metadata, toHeaders(header));
  const decoded = decodeStatus(status.metadata.get(detailsKey)[0]);
  const code = toCode(status.code);
  const error = new ConnectError(decoded?.message || status.details, code, metadata);
  error.details = (decoded?.details ?? []).map((any) => ({
    type: any.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1),
    value: any.value,
  }));
  markFromWire(error);
  return error;
}

function toStatus(error: ConnectError, message: string): Status {
  const details = error.details.map((detail) =>
    'desc' in detail
      ? anyPack(detail.desc, create(detail.desc, detail.value))
      : { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value },
  );
  let left = maxDetailsBytes;
  const fitting = details.filter(({ value }) => {
    if (value.length > left) return false;
    left -= value.length;
    return true;
  });
  return create(StatusSchema, { code: error.code as number, message, details: fitting });
}

function decodeStatus(value: string | Buffer | undefined): Status | undefined {
  if (value === undefined) return undefined;
  try {
    return fromBinary(StatusSchema, typeof value === 'string' ? Buffer.from(value, 'base64') : value);
  } catch {
    return undefined;
  }
}

function toCode(code: number): Code {
  return code in Code ? (code as Code) : Code.Unknown;
}

// Connect marks such errors the same way, and its own protocols honour the mark when a handler lets one through.
function markFromWire(error: ConnectError): void {
  Reflect.set(error, 'isWireError', true);
}

function isFromWire(error: ConnectError): boolean {
  return Reflect.get(error, 'isWireError') === true;
}
