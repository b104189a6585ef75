import { Code, ConnectError } from '@connectrpc/connect';

const names = new Map<Code, string>(
  Object.entries(Code)
    .filter((entry): entry is [string, Code] => typeof entry[1] === 'number')
    .map(([name, code]) => [code, name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()]),
);
names.set(Code.Canceled, 'CANCELLED');

/** Codes that mean the server is at fault: what counts as an error of a server's span and of the SLI. */
const serverFaults = new Set<Code>([
  ...[Code.Unknown, Code.DeadlineExceeded, Code.Unimplemented],
  ...[Code.Internal, Code.Unavailable, Code.DataLoss],
]);

/** `OK`, `NOT_FOUND`, … as gRPC writes it. */
export function statusName(error: unknown): string {
  if (error === undefined) return 'OK';
  return names.get(ConnectError.from(error).code) ?? 'UNKNOWN';
}

export function isServerFault(error: unknown): boolean {
  return error !== undefined && serverFaults.has(ConnectError.from(error).code);
}
