import { type FileRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';

/** An error for people: code, text, and its details as JSON, decoded by what the server tells of their types. */
export async function showError(
  error: ConnectError,
  learn: (typeName: string) => Promise<FileRegistry>,
): Promise<string> {
  const lines = [`${toName(error.code)}: ${error.rawMessage}`];
  for (const detail of error.details) {
    if (!('type' in detail)) continue;
    const registry = await learn(detail.type);
    const type = registry.getMessage(detail.type);
    // Without its type, a detail is what is on the wire.
    const value =
      type === undefined
        ? Buffer.from(detail.value).toString('base64')
        : toJson(type, fromBinary(type, detail.value), { registry });
    lines.push(`${detail.type} ${JSON.stringify(value, undefined, 2)}`);
  }
  return lines.join('\n');
}

/** INVALID_ARGUMENT of Code.InvalidArgument, as gRPC writes it. */
function toName(code: Code): string {
  if (code === Code.Canceled) return 'CANCELLED';
  return Code[code].replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}
