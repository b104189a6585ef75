import type { ServiceImpl } from '@connectrpc/connect';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { bootstrapAdmin } from './bootstrap-admin.ts';
import { checkSession } from './check-session.ts';
import { createToken } from './create-token.ts';
import { deleteMe } from './delete-me.ts';
import { endSession } from './end-session.ts';
import { endUserSessions } from './end-user-sessions.ts';
import { exportMe } from './export-me.ts';
import { getChallenge } from './get-challenge.ts';
import { getMe } from './get-me.ts';
import { getUser } from './get-user.ts';
import { linkIdentity } from './link-identity.ts';
import { listAuditEntries } from './list-audit-entries.ts';
import { listLinkedIdentities } from './list-linked-identities.ts';
import { listSessions } from './list-sessions.ts';
import { listUserSessions } from './list-user-sessions.ts';
import { logout } from './logout.ts';
import { logoutAll } from './logout-all.ts';
import { refreshToken } from './refresh-token.ts';
import { register } from './register.ts';
import { reinstateUser } from './reinstate-user.ts';
import { requestPhoneChange } from './request-phone-change.ts';
import { requestPhoneCode } from './request-phone-code.ts';
import { requestVerificationCode } from './request-verification-code.ts';
import { rotateSigningKey } from './rotate-signing-key.ts';
import { searchUsers } from './search-users.ts';
import { setUserRole } from './set-user-role.ts';
import { signInWithIdToken } from './sign-in-with-id-token.ts';
import { suspendUser } from './suspend-user.ts';
import { unlinkIdentity } from './unlink-identity.ts';
import { unlockUser } from './unlock-user.ts';
import { updateMe } from './update-me.ts';
import { verifyPhoneChange } from './verify-phone-change.ts';
import { verifyPhoneCode } from './verify-phone-code.ts';
import { verifyVerificationCode } from './verify-verification-code.ts';

export function routes(ctx: Context): Routes {
  return (router) => {
    router.service(AuthService, {
      requestPhoneCode: requestPhoneCode(ctx),
      verifyPhoneCode: verifyPhoneCode(ctx),
      getChallenge: getChallenge(ctx),
      signInWithIdToken: signInWithIdToken(ctx),
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
      deleteMe: deleteMe(ctx),
      exportMe: exportMe(ctx),
      requestPhoneChange: requestPhoneChange(ctx),
      verifyPhoneChange: verifyPhoneChange(ctx),
    } satisfies ServiceImpl<typeof UserService>);
    router.service(SessionService, {
      listSessions: listSessions(ctx),
      endSession: endSession(ctx),
      logoutAll: logoutAll(ctx),
      checkSession: checkSession(ctx),
    } satisfies ServiceImpl<typeof SessionService>);
    router.service(LinkedIdentityService, {
      listLinkedIdentities: listLinkedIdentities(ctx),
      linkIdentity: linkIdentity(ctx),
      unlinkIdentity: unlinkIdentity(ctx),
    } satisfies ServiceImpl<typeof LinkedIdentityService>);
    router.service(AdminService, {
      bootstrapAdmin: bootstrapAdmin(ctx),
      setUserRole: setUserRole(ctx),
      searchUsers: searchUsers(ctx),
      getUser: getUser(ctx),
      suspendUser: suspendUser(ctx),
      reinstateUser: reinstateUser(ctx),
      unlockUser: unlockUser(ctx),
      listUserSessions: listUserSessions(ctx),
      endUserSessions: endUserSessions(ctx),
      listAuditEntries: listAuditEntries(ctx),
      rotateSigningKey: rotateSigningKey(ctx),
    } satisfies ServiceImpl<typeof AdminService>);
  };
}
