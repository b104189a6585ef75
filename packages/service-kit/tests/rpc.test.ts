import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadRequestSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { UserSchema } from '@mawid/contracts/gen/mawid/identity/v1/user_pb.js';
import type { Routes } from '@mawid/rpc';
import {
  type Caller,
  callerOf,
  createTokenVerifier,
  forwardedHeaders,
  reasonOf,
  requireUser,
} from '@mawid/service-kit';
import { createTestTransport, headersOf, startTestIssuer, type TestIssuer } from '@mawid/service-kit/testing';

const id = '019abc00-0000-7000-8000-000000000001';

let seen: Caller | undefined;
let forwarded: Headers | undefined;

const routes: Routes = (router) => {
  router.service(AuthService, {
    refreshToken(_, context) {
      seen = callerOf(context);
      return { access: 'new' };
    },
  });
  router.service(AdminService, { setUserRole: () => create(UserSchema) });
  router.service(BookingService, {
    getBooking(_, context) {
      seen = requireUser(context);
      forwarded = forwardedHeaders(context);
      return create(BookingSchema);
    },
    listBookings() {
      throw new Error('relation "bookings" does not exist');
    },
  });
  router.service(BookingInternalService, { getBookingState: () => ({}) });
};

/** OK, or the reason of the refusal. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    return reasonOf(error) ?? String(error);
  }
}

describe('access', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await startTestIssuer();
  });
  afterAll(() => issuer.close());

  const callers = {
    nobody: () => ({}),
    customer: async () => ({ token: await issuer.sign({ userId: 'u1' }) }),
    admin: async () => ({ token: await issuer.sign({ userId: 'u1', role: 'admin' }) }),
    expired: async () => ({ token: await issuer.sign({ userId: 'u1', expiresInSeconds: -10 }) }),
    'other issuer': async () => ({ token: await issuer.sign({ userId: 'u1', issuer: 'https://evil' }) }),
    'other audience': async () => ({ token: await issuer.sign({ userId: 'u1', audience: 'evil' }) }),
    'id token': async () => ({ token: await issuer.sign({ userId: 'u1', type: 'JWT' }) }),
    'unsigned token': () => ({
      token: `${btoa('{"alg":"none","typ":"at+jwt"}')}.${btoa('{"sub":"u1","role":"admin"}')}.`,
    }),
    notify: () => ({ peer: 'notify' }),
    identity: () => ({ peer: 'identity' }),
  } as const;
  const [OK, NO, DENIED] = ['OK', 'UNAUTHENTICATED', 'PERMISSION_DENIED'] as const;

  it.each([
    // who, a public method, a signed-in one, one for admins, one for services
    ['nobody', OK, NO, NO, DENIED],
    ['customer', OK, OK, DENIED, DENIED],
    ['admin', OK, OK, OK, DENIED],
    ['expired', OK, NO, NO, NO],
    ['other issuer', OK, NO, NO, NO],
    ['other audience', OK, NO, NO, NO],
    ['id token', OK, NO, NO, NO],
    ['unsigned token', OK, NO, NO, NO],
    ['notify', OK, NO, NO, OK],
    ['identity', OK, NO, NO, DENIED],
  ] as const)('%s: public %s, signed in %s, admin %s, service %s', async (who, ...expected) => {
    const transport = createTestTransport(routes, { issuer });
    const headers = headersOf(await callers[who]());
    const outcomes = [
      await outcomeOf(createClient(AuthService, transport).refreshToken({ refresh: 'x'.repeat(43) }, { headers })),
      await outcomeOf(createClient(BookingService, transport).getBooking({ bookingId: id }, { headers })),
      await outcomeOf(
        createClient(AdminService, transport).setUserRole({ phoneNumber: '+966512345678', role: 1 }, { headers }),
      ),
      await outcomeOf(createClient(BookingInternalService, transport).getBookingState({ bookingId: id }, { headers })),
    ];
    expect(outcomes).toEqual(expected);
  });

  it('believes the name of a peer, and the address it forwards, only from loopback', async () => {
    const headers = headersOf({ peer: 'notify', 'x-client-address': '203.0.113.9' });
    const near = createTestTransport(routes, { issuer });
    const far = createTestTransport(routes, { issuer, remoteAddress: '10.1.1.1' });
    const ask = { bookingId: id };
    expect(await outcomeOf(createClient(BookingInternalService, near).getBookingState(ask, { headers }))).toBe('OK');
    expect(await outcomeOf(createClient(BookingInternalService, far).getBookingState(ask, { headers }))).toBe(DENIED);
    await createClient(AuthService, near).refreshToken({ refresh: 'x'.repeat(43) }, { headers });
    expect(seen).toMatchObject({ kind: 'service', peer: 'notify', address: '203.0.113.9' });
    await createClient(AuthService, far).refreshToken({ refresh: 'x'.repeat(43) }, { headers });
    expect(seen).toMatchObject({ kind: 'anonymous', peer: undefined, address: '10.1.1.1' });
  });

  it('tells the handler who calls, and what to forward', async () => {
    const token = await issuer.sign({ userId: 'u1', role: 'manager', sessionId: 's9' });
    const headers = headersOf({
      token,
      peer: 'gateway',
      'accept-language': 'ar-sa',
      'x-request-id': 'r1',
      'if-match': 'e',
    });
    await createClient(BookingService, createTestTransport(routes, { issuer })).getBooking(
      { bookingId: id },
      { headers },
    );
    expect(seen).toMatchObject({
      ...{ kind: 'user', userId: 'u1', role: 'manager', sessionId: 's9', locale: 'ar', requestId: 'r1', ifMatch: 'e' },
      peer: 'gateway',
    });
    expect(seen?.authTime).toBeInstanceOf(Date);
    const sent = {
      authorization: `Bearer ${token}`,
      'accept-language': 'ar',
      'x-request-id': 'r1',
      'x-client-address': '127.0.0.1',
    };
    expect(Object.fromEntries(forwarded ?? [])).toEqual(sent);
  });

  it('answers UNAVAILABLE when the keys cannot be fetched, and lets public methods go on', async () => {
    const token = await issuer.sign({ userId: 'u1' });
    const unreachable = { ...issuer, jwksUrl: 'http://127.0.0.1:9/jwks.json' };
    const transport = createTestTransport(routes, { issuer: unreachable });
    const headers = headersOf({ token });
    expect(await outcomeOf(createClient(BookingService, transport).getBooking({ bookingId: id }, { headers }))).toBe(
      'UNAVAILABLE',
    );
    expect(
      await outcomeOf(createClient(AuthService, transport).refreshToken({ refresh: 'x'.repeat(43) }, { headers })),
    ).toBe(OK);
  });

  it('goes on with the keys it has while the issuer is away', async () => {
    const leaving = await startTestIssuer();
    let now = Date.now();
    const verifier = createTokenVerifier({ ...leaving, now: () => now });
    const [first, second] = [await leaving.sign({ userId: 'u1' }), await leaving.sign({ userId: 'u2' })];
    expect(await verifier.verify(first)).toMatchObject({ userId: 'u1' });
    await leaving.close();
    now += 120_000;
    expect(await verifier.verify(second)).toMatchObject({ userId: 'u2' });
    expect(await verifier.verify(first)).toMatchObject({ userId: 'u1' });
  });

  it('believes a verified token for a minute, but not after its end', async () => {
    let now = Date.now();
    const verifier = createTokenVerifier({ ...issuer, now: () => now });
    const token = await issuer.sign({ userId: 'u1', expiresInSeconds: 30 });
    expect(await verifier.verify(token)).toMatchObject({ userId: 'u1' });
    now += 31_000;
    expect(await verifier.verify(token)).toBeUndefined();
  });
});

describe('validation and errors', () => {
  const headers = headersOf({ token: `test.${Buffer.from('{"userId":"u1"}').toString('base64url')}` });

  it('names every field that breaks a rule by its path', async () => {
    const client = createClient(BookingService, createTestTransport(routes));
    const startAt = timestampFromDate(new Date());
    const request = {
      salonId: 'no-uuid',
      items: [{ serviceId: id }, { serviceId: 'x' }],
      startAt,
      customerNote: 'x'.repeat(501),
    };
    const error = await client.createBooking(request, { headers }).catch(ConnectError.from);
    expect(reasonOf(error)).toBe('VALIDATION_FAILED');
    const violations = (error as ConnectError).findDetails(BadRequestSchema)[0]?.fieldViolations ?? [];
    expect(violations.map((each) => [each.field, each.reason])).toEqual([
      ['salon_id', 'string.uuid'],
      ['items[1].service_id', 'string.uuid'],
      ['customer_note', 'string.max_len'],
    ]);
    expect(timestampDate(startAt)).toBeInstanceOf(Date);
  });

  it('says nothing about a fault', async () => {
    const client = createClient(BookingService, createTestTransport(routes));
    const error = (await client.listBookings({}, { headers }).catch(ConnectError.from)) as ConnectError;
    expect([error.code, reasonOf(error)]).toEqual([Code.Internal, 'INTERNAL']);
    expect(JSON.stringify(error.details) + error.message).not.toContain('bookings');
  });
});
