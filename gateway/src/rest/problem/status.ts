import { Code } from '@connectrpc/connect';

/** The HTTP status of a gRPC code, where the reason does not say another (docs: the REST contract, section 2). */
const statuses: Readonly<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.OutOfRange]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.Aborted]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Canceled]: 499,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
  [Code.Unknown]: 500,
  [Code.Internal]: 500,
  [Code.DataLoss]: 500,
};

/** The reason that stands for a gRPC code when the error brings none. */
const reasons: Readonly<Record<Code, string>> = {
  [Code.InvalidArgument]: 'VALIDATION_FAILED',
  [Code.OutOfRange]: 'VALIDATION_FAILED',
  [Code.FailedPrecondition]: 'FAILED_PRECONDITION',
  [Code.Unauthenticated]: 'UNAUTHENTICATED',
  [Code.PermissionDenied]: 'PERMISSION_DENIED',
  [Code.NotFound]: 'NOT_FOUND',
  [Code.AlreadyExists]: 'ALREADY_EXISTS',
  [Code.Aborted]: 'ABORTED',
  [Code.ResourceExhausted]: 'RATE_LIMITED',
  [Code.Canceled]: 'CANCELLED',
  [Code.Unimplemented]: 'UNIMPLEMENTED',
  [Code.Unavailable]: 'UNAVAILABLE',
  [Code.DeadlineExceeded]: 'DEADLINE_EXCEEDED',
  [Code.Unknown]: 'INTERNAL',
  [Code.Internal]: 'INTERNAL',
  [Code.DataLoss]: 'INTERNAL',
};

export function httpStatusOf(code: number): number {
  return statuses[code as Code] ?? 500;
}

export function reasonOfCode(code: number): string {
  return reasons[code as Code] ?? 'INTERNAL';
}
