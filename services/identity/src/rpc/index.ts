import type { ServiceImpl } from '@connectrpc/connect';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { bootstrapAdmin } from './bootstrap-admin.ts';
import { createToken } from './create-token.ts';
import { getMe } from './get-me.ts';
import { logout } from './logout.ts';
import { refreshToken } from './refresh-token.ts';
import { register } from './register.ts';
import { requestPhoneCode } from './request-phone-code.ts';
import { requestVerificationCode } from './request-verification-code.ts';
import { setUserRole } from './set-user-role.ts';
import { updateMe } from './update-me.ts';
import { verifyPhoneCode } from './verify-phone-code.ts';
import { verifyVerificationCode } from './verify-verification-code.ts';

export function routes(ctx: Context): Routes {
  return (router) => {
    router.service(AuthService, {
      requestPhoneCode: requestPhoneCode(ctx),
      verifyPhoneCode: verifyPhoneCode(ctx),
      refreshToken: refreshToken(ctx),
      createToken: createToken(),
      register: register(ctx),
      requestVerificationCode: requestVerificationCode(ctx),
      verifyVerificationCode: verifyVerificationCode(ctx),
      logout: logout(ctx),
    } satisfies ServiceImpl<typeof AuthService>);
    router.service(UserService, {
      getMe: getMe(ctx),
      updateMe: updateMe(ctx),
    } satisfies ServiceImpl<typeof UserService>);
    router.service(AdminService, {
      bootstrapAdmin: bootstrapAdmin(ctx),
      setUserRole: setUserRole(ctx),
    } satisfies ServiceImpl<typeof AdminService>);
  };
}
