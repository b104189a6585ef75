import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import { type AuthService, ChallengeSchema } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { createPuzzle } from '../challenge/proof-of-work.ts';
import type { Context } from '../context.ts';

export function getChallenge(ctx: Context): MethodImpl<typeof AuthService.method.getChallenge> {
  return async () => {
    const { kind, text, expiresAt } = await createPuzzle(ctx);
    return create(ChallengeSchema, { kind, puzzle: text, expiresAt: timestampFromDate(expiresAt) });
  };
}
