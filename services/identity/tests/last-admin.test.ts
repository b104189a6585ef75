import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { type Account, auditOf, newAdmin, ops, Role } from './support/accounts.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());
beforeEach(() => identity.rows(`UPDATE users SET role = 'customer'`));

const demote = (by: Account, target: Account) =>
  identity.admin.setUserRole({ phoneNumber: target.phoneNumber, role: Role.CUSTOMER }, by.on);
const countAdmins = async () =>
  (await identity.rows(`SELECT FROM users WHERE role = 'admin' AND suspended_at IS NULL AND verified_at IS NOT NULL`))
    .length;

describe('the last admin', () => {
  it('cannot be demoted, by nobody; the attempt is written down', async () => {
    const admin = await newAdmin(identity);
    expect(await refusalOf(demote(admin, admin))).toBe('LAST_ADMIN');
    expect(
      await identity.admin.setUserRole({ phoneNumber: admin.phoneNumber, role: Role.ADMIN }, admin.on),
    ).toMatchObject({
      role: Role.ADMIN,
    });
    const lines = await identity.rows(
      `SELECT reason FROM audit_log WHERE kind = 'role_changed' AND outcome = 'refused'`,
    );
    expect(lines).toEqual([{ reason: 'LAST_ADMIN' }]);
  });

  it('is one who can sign in: a number that was never verified and a suspended admin do not count', async () => {
    const [admin, other] = [await newAdmin(identity), await newAdmin(identity)];
    await identity.admin.bootstrapAdmin({ phoneNumber: identity.newPhone() }, ops);
    await identity.admin.suspendUser({ userId: other.id, reason: 'Left' }, admin.on);
    expect(await refusalOf(demote(admin, admin))).toBe('LAST_ADMIN');
    await identity.admin.reinstateUser({ userId: other.id }, admin.on);
    expect((await demote(admin, admin)).role).toBe(Role.CUSTOMER);
  });

  it.each<[string, (by: Account, target: Account) => Promise<unknown>]>([
    ['demote', demote],
    ['suspend', (by, target) => identity.admin.suspendUser({ userId: target.id, reason: 'Race' }, by.on)],
    ['erase', (by) => identity.users.deleteMe({}, by.on)],
  ])('remains when two admins %s each other at once', async (_, act) => {
    for (let run = 0; run < 15; run++) {
      await identity.rows(`UPDATE users SET role = 'customer'`);
      const [a, b] = [await newAdmin(identity), await newAdmin(identity)];
      const results = await Promise.allSettled([act(a, b), act(b, a)]);
      expect(await countAdmins()).toBe(1);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });

  it('remains when three admins take themselves away in three ways at once', async () => {
    for (let run = 0; run < 10; run++) {
      await identity.rows(`UPDATE users SET role = 'customer'`);
      const [a, b, c] = [await newAdmin(identity), await newAdmin(identity), await newAdmin(identity)];
      await Promise.allSettled([
        demote(a, a),
        identity.users.deleteMe({}, b.on),
        identity.admin.suspendUser({ userId: c.id, reason: 'Race' }, a.on),
        demote(b, c),
      ]);
      expect(await countAdmins()).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('SetUserRole', () => {
  it('writes down who gave which role to whom', async () => {
    const admin = await newAdmin(identity);
    const phoneNumber = identity.newPhone();
    const { id } = await identity.admin.setUserRole({ phoneNumber, role: Role.MANAGER }, admin.on);
    await identity.admin.setUserRole({ phoneNumber, role: Role.STAFF }, admin.on);
    expect(await auditOf(identity, id, 'role_changed')).toMatchObject([
      { actor_id: admin.id, details: { role: 'manager', former_role: 'none' } },
      { actor_id: admin.id, details: { role: 'staff', former_role: 'manager' } },
    ]);
    expect(await auditOf(identity, admin.id, 'role_changed')).toMatchObject([
      { actor_id: 'ops', details: { role: 'admin' } },
    ]);
  });
});
