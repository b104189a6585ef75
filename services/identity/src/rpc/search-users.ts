import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AdminService,
  SearchUsersResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import type { User } from '../domain/user.ts';
import { parseUserSearch } from '../domain/user-search.ts';
import { findUsers } from '../users/find-users.ts';
import { requireOperator } from '../users/require-operator.ts';
import { parseRole } from '../users/roles.ts';
import { parseUserState, toAccountMessage } from '../users/to-account-message.ts';

export function searchUsers(ctx: Context): MethodImpl<typeof AdminService.method.searchUsers> {
  return async (request, context) => {
    const { user: operator, caller } = await requireOperator(ctx, context);
    const search = parseUserSearch(request.query);
    const filter = { role: parseRole(request.role), state: parseUserState(request.state) };
    const list = { key: ctx.config.pageTokenKey, list: ['users', operator.id, search, filter] };
    const after = requireCursor(list, request.pageToken)?.[0];
    const size = toPageSize(request.pageSize);
    const found = await ctx.database.transaction(async (tx) => {
      const users = await findUsers(tx, { search, ...filter, after, limit: size + 1 });
      // Not what was looked for: names and addresses in the log would outlive the person.
      const by = search.exactPhone ? 'phone' : search.part ? 'part' : 'filter';
      const audit = { kind: 'users_searched', outcome: 'ok', phoneNumber: search.exactPhone, details: { by } } as const;
      await recordAudit(ctx, tx, caller, audit);
      return users;
    });
    const cursorOf = ({ id, phoneNumber }: User) => [phoneNumber === search.exactPhone ? '' : id];
    const { rows, nextPageToken } = toPage(found, size, { ...list, cursorOf });
    return create(SearchUsersResponseSchema, { users: rows.map(toAccountMessage), nextPageToken });
  };
}
