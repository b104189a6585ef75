import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserUpdatedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { Role } from '@mawid/contracts/gen/mawid/identity/v1/user_pb.js';
import { decodeJwt } from 'jose';
import { as, errorOf, type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';

const ops = { headers: { 'x-mawid-peer': 'ops' } };
let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

async function updatesOf(userId: string) {
  const rows = await identity.rows<{ payload: Buffer; aggregate_version: string }>(
    `SELECT payload, aggregate_version FROM outbox
      WHERE aggregate_id = $1 AND subject = 'identity.user.v1.updated' ORDER BY position`,
    userId,
  );
  return rows.map((row) => fromBinary(UserUpdatedSchema, new Uint8Array(row.payload)).contact);
}

describe('the users table', () => {
  it.each([[null], ['0512345678'], ['+0512345678'], ['+96651'], ['+9665123456789012'], ['']])(
    'refuses the phone number %j on any path',
    async (phone) => {
      const insert = identity.rows(
        'INSERT INTO users (id, phone_number, created_at, updated_at) VALUES (uuidv7(), $1, now(), now())',
        phone,
      );
      await expect(insert).rejects.toMatchObject({ code: phone === null ? '23502' : '23514' });
    },
  );
});

describe('Register', () => {
  it('makes a provisional user; a password leaves no trace', async () => {
    const phoneNumber = identity.newPhone();
    const user = await identity.auth.register({
      phoneNumber: `0${phoneNumber.slice(4)}`,
      email: 'r@example.com',
      firstName: 'Reem',
      lastName: 'Saad',
      preferredLanguage: 'en',
      password: 'hunter2-hunter2',
    });
    expect(user).toMatchObject({
      phoneNumber,
      email: 'r@example.com',
      role: Role.CUSTOMER,
      displayName: 'Reem Saad',
      preferredLanguage: 'en',
      isPhoneVerified: false,
    });
    const [stored] = await identity.rows<{ id: string }>('SELECT * FROM users WHERE phone_number = $1', phoneNumber);
    expect(stored?.id).toBe(user.id);
    expect(JSON.stringify(stored)).not.toContain('hunter2');
  });

  it('answers a known phone with what was sent, and nothing of what is stored', async () => {
    const { user } = await identity.signIn();
    const sent = { phoneNumber: user?.phoneNumber ?? '', firstName: 'Another' };
    const answer = await identity.auth.register(sent);
    expect(answer).toMatchObject({ ...sent, isPhoneVerified: false, role: Role.CUSTOMER, email: '' });
    expect(answer.id).not.toBe(user?.id);
    expect(await identity.rows('SELECT first_name FROM users WHERE phone_number = $1', sent.phoneNumber)).toEqual([
      { first_name: '' },
    ]);
  });

  it('needs a phone number, and refuses the e-mail address of another', async () => {
    expect(await refusalOf(identity.auth.register({ firstName: 'Reem' }))).toBe(
      'VALIDATION_FAILED phone_number:FIELD_REQUIRED',
    );
    const holder = await identity.signIn();
    await identity.users.updateMe({ email: 'holder@example.com' }, { headers: as(holder) });
    const phoneNumber = identity.newPhone();
    expect(await refusalOf(identity.auth.register({ phoneNumber, email: 'HOLDER@example.com' }))).toBe('EMAIL_TAKEN');
    expect(await identity.rows('SELECT FROM users WHERE phone_number = $1', phoneNumber)).toEqual([]);
  });
});

describe('CreateToken', () => {
  it('says where to go instead, whatever is sent', async () => {
    const error = await errorOf(identity.auth.createToken({ data: new TextEncoder().encode('{"username":') }));
    expect(error.rawMessage).toBe(
      'Password login is deprecated. Use /api/auth/phone/request/ then /api/auth/phone/verify/.',
    );
  });
});

describe('GetMe', () => {
  it('needs a signed-in caller', async () => {
    expect(await refusalOf(identity.users.getMe({}))).toBe('UNAUTHENTICATED');
  });

  it('shows the phone number where there is no name, never the e-mail address', async () => {
    const session = await identity.signIn();
    await identity.users.updateMe({ email: 'noname@example.com' }, { headers: as(session) });
    const me = await identity.users.getMe({}, { headers: as(session) });
    expect(me.displayName).toBe(me.phoneNumber);
  });
});

describe('UpdateMe', () => {
  it('changes what is sent, keeps the rest, and publishes the newer version', async () => {
    const session = await identity.signIn();
    const headers = as(session);
    await identity.users.updateMe({ firstName: ' Huda ', email: 'huda@example.com' }, { headers });
    const me = await identity.users.updateMe({ lastName: 'Omar', preferredLanguage: 'en' }, { headers });
    expect(me).toMatchObject({
      firstName: 'Huda',
      lastName: 'Omar',
      email: 'huda@example.com',
      preferredLanguage: 'en',
    });
    const contacts = await updatesOf(me.id);
    expect(contacts.map((contact) => [contact?.lastName, contact?.language, contact?.version])).toEqual([
      ['', 'ar', 3n],
      ['Omar', 'en', 4n],
    ]);
    expect((await identity.users.updateMe({ email: '' }, { headers })).email).toBe('');
  });

  it('A1: tells a user of few e-mail addresses only whether they are taken', async () => {
    const owner = await identity.signIn();
    await identity.users.updateMe({ email: 'wanted@example.com' }, { headers: as(owner) });
    const curious = { headers: as(await identity.signIn()) };
    const outcomes: string[] = [];
    for (let tried = 0; tried < 21; tried += 1)
      outcomes.push(await refusalOf(identity.users.updateMe({ email: 'wanted@example.com' }, curious)));
    expect(outcomes).toEqual([...Array.from({ length: 20 }, () => 'EMAIL_TAKEN'), 'RATE_LIMITED']);
    expect((await identity.users.updateMe({ firstName: 'Sara' }, curious)).firstName).toBe('Sara');
  });

  it('publishes nothing when nothing is sent', async () => {
    const session = await identity.signIn();
    await identity.users.updateMe({}, { headers: as(session) });
    expect(await updatesOf(session.user?.id ?? '')).toEqual([]);
  });

  it('refuses the e-mail address of another, also when both take it at once', async () => {
    const sessions = [await identity.signIn(), await identity.signIn()];
    const results = await Promise.allSettled(
      sessions.map((session) => identity.users.updateMe({ email: 'one@example.com' }, { headers: as(session) })),
    );
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const loser = sessions[results.findIndex((result) => result.status === 'rejected')];
    const again = identity.users.updateMe({ email: 'One@example.com' }, { headers: as(loser ?? { access: '' }) });
    expect(await refusalOf(again)).toBe('EMAIL_TAKEN');
  });
});

describe('BootstrapAdmin', () => {
  it('makes an admin who signs in by phone, and says the same a second time', async () => {
    const phoneNumber = identity.newPhone();
    const first = await identity.admin.bootstrapAdmin({ phoneNumber }, ops);
    const second = await identity.admin.bootstrapAdmin({ phoneNumber }, ops);
    expect(second).toEqual(first);
    expect(await updatesOf(first.id)).toHaveLength(1);
    expect(decodeJwt((await identity.signIn(phoneNumber)).access)).toMatchObject({
      sub: first.id,
      role: 'admin',
      ver: 1,
    });
  });

  it('is for operators only', async () => {
    const phoneNumber = identity.newPhone();
    expect(await refusalOf(identity.admin.bootstrapAdmin({ phoneNumber }))).toBe('PERMISSION_DENIED');
    const peer = { headers: { 'x-mawid-peer': 'booking' } };
    expect(await refusalOf(identity.admin.bootstrapAdmin({ phoneNumber }, peer))).toBe('PERMISSION_DENIED');
  });
});

describe('SetUserRole', () => {
  async function signInAdmin() {
    const phoneNumber = identity.newPhone();
    await identity.admin.bootstrapAdmin({ phoneNumber }, ops);
    return identity.signIn(phoneNumber);
  }

  it('changes a role: sessions end, the next token has the new role and version', async () => {
    const headers = as(await signInAdmin());
    const session = await identity.signIn();
    const phoneNumber = session.user?.phoneNumber ?? '';
    const user = await identity.admin.setUserRole({ phoneNumber, role: Role.MANAGER }, { headers });
    expect(user).toMatchObject({ id: session.user?.id, role: Role.MANAGER });
    expect(await refusalOf(identity.auth.refreshToken({ refresh: session.refresh }))).toBe('REFRESH_TOKEN_INVALID');
    expect(await refusalOf(identity.users.getMe({}, { headers: as(session) }))).toBe('UNAUTHENTICATED');
    expect((await updatesOf(user.id)).map((contact) => contact?.role)).toEqual([Role.MANAGER]);
    identity.clock.advance(60_000);
    expect(decodeJwt((await identity.signIn(phoneNumber)).access)).toMatchObject({ role: 'manager', ver: 2 });
  });

  it('makes a user for a new phone, whose names nobody else fills in', async () => {
    const headers = as(await signInAdmin());
    const phoneNumber = identity.newPhone();
    const order = { phoneNumber, role: Role.STAFF, firstName: 'Lama', lastName: 'Nasser' };
    expect(await identity.admin.setUserRole(order, { headers })).toMatchObject({ ...order, isPhoneVerified: false });
    await identity.auth.register({ phoneNumber, firstName: 'Somebody', email: 'else@example.com' });
    expect((await identity.signIn(phoneNumber)).user).toMatchObject({ ...order, email: '', isPhoneVerified: true });
  });

  it('leaves sessions alone when the role is the same', async () => {
    const headers = as(await signInAdmin());
    const session = await identity.signIn();
    const phoneNumber = session.user?.phoneNumber ?? '';
    await identity.admin.setUserRole({ phoneNumber, role: Role.CUSTOMER }, { headers });
    expect((await identity.users.getMe({}, { headers: as(session) })).phoneNumber).toBe(phoneNumber);
  });

  it('is for admins only, and not for one who has signed out', async () => {
    const order = { phoneNumber: identity.newPhone(), role: Role.ADMIN };
    expect(await refusalOf(identity.admin.setUserRole(order))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(identity.admin.setUserRole(order, { headers: as(await identity.signIn()) }))).toBe(
      'PERMISSION_DENIED',
    );
    const headers = as(await signInAdmin());
    await identity.auth.logout({}, { headers });
    expect(await refusalOf(identity.admin.setUserRole(order, { headers }))).toBe('UNAUTHENTICATED');
  });
});
