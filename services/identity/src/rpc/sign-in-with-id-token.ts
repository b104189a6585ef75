import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import type { Context } from '../context.ts';

export function signInWithIdToken(_ctx: Context): MethodImpl<typeof AuthService.method.signInWithIdToken> {
  return () => {
    throw new Error('not built yet');
  };
}
