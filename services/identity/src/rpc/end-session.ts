import type { MethodImpl } from '@connectrpc/connect';
import type { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import type { Context } from '../context.ts';

export function endSession(_ctx: Context): MethodImpl<typeof SessionService.method.endSession> {
  return () => {
    throw new Error('not built yet');
  };
}
