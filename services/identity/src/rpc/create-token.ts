import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { errors } from '../errors.ts';

export function createToken(): MethodImpl<typeof AuthService.method.createToken> {
  return () => {
    throw errors.passwordLoginDeprecated();
  };
}
