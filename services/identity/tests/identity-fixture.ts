import { fromBinary } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { BadRequestSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { type OtpRequested, OtpRequestedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { AuthService, type VerifyPhoneCodeResponse } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure, wideCodeBudgets } from '@mawid/dev-stack';
import { applyMigrations, reasonOf } from '@mawid/service-kit';
import {
  createTestClock,
  createTestTransport,
  headersOf,
  silentLogger,
  type TestClock,
  testToken,
} from '@mawid/service-kit/testing';
import { compactDecrypt, decodeJwt } from 'jose';
import { loadConfig } from '../src/config.ts';
import { type Context, closeContext, createContext } from '../src/context.ts';
import { routes } from '../src/rpc/index.ts';
import { identityService } from '../src/service.ts';

/** Identity on a real database, with a clock that stands still. */
export interface IdentityFixture {
  ctx: Context;
  clock: TestClock;
  auth: Client<typeof AuthService>;
  users: Client<typeof UserService>;
  admin: Client<typeof AdminService>;
  identities: Client<typeof LinkedIdentityService>;
  /** A Saudi mobile that no other test of the file uses. */
  newPhone(): string;
  /** The event of a code request, as notify gets it. */
  otpOf(requestId: string): Promise<OtpRequested | undefined>;
  codeOf(requestId: string): Promise<string>;
  signIn(phoneNumber?: string, headers?: Record<string, string>): Promise<VerifyPhoneCodeResponse>;
  rows<R extends object>(text: string, ...values: unknown[]): Promise<R[]>;
  close(): Promise<void>;
}

export async function startIdentity(env: NodeJS.ProcessEnv = {}): Promise<IdentityFixture> {
  const infrastructure = await startTestInfrastructure();
  return openFixture(infrastructure, env).catch(async (error: unknown) => {
    // Servers that outlive a failed start would keep the test run from ending.
    await infrastructure.close();
    throw error;
  });
}

async function openFixture(infrastructure: TestInfrastructure, env: NodeJS.ProcessEnv): Promise<IdentityFixture> {
  const databaseUrl = await infrastructure.databaseUrl('identity');
  await applyMigrations({ databaseUrl, folder: identityService.migrations });
  const config = loadConfig({
    IDENTITY_DATABASE_URL: databaseUrl,
    NATS_URL: infrastructure.natsUrl,
    ...wideCodeBudgets,
    ...env,
  });
  const clock = createTestClock(new Date(Math.floor(Date.now() / 1000) * 1000));
  const ctx = await createContext(config, { clock, logger: silentLogger() });
  const transport: Transport = createTestTransport(routes(ctx), { telemetry: ctx.telemetry });
  const auth = createClient(AuthService, transport);
  let phones = 0;

  const fixture: IdentityFixture = {
    ctx,
    clock,
    auth,
    users: createClient(UserService, transport),
    admin: createClient(AdminService, transport),
    identities: createClient(LinkedIdentityService, transport),
    newPhone: () => `+96655${String(++phones).padStart(7, '0')}`,
    otpOf: (requestId) => findOtp(ctx, requestId),
    codeOf: (requestId) => codeIn(ctx, requestId),
    async signIn(phoneNumber = fixture.newPhone(), headers = {}) {
      const { requestId } = await auth.requestPhoneCode({ phoneNumber }, { headers });
      return auth.verifyPhoneCode({ requestId, code: await fixture.codeOf(requestId) }, { headers });
    },
    async rows<R extends object>(text: string, ...values: unknown[]) {
      return (await ctx.database.pool.query(text, values)).rows as R[];
    },
    async close() {
      await closeContext(ctx);
      await ctx.telemetry.shutdown();
      await infrastructure.close();
    },
  };
  return fixture;
}

async function findOtp({ database }: Context, requestId: string): Promise<OtpRequested | undefined> {
  const { rows } = await database.pool.query<{ payload: Buffer }>(
    `SELECT payload FROM outbox WHERE aggregate_id = $1 AND subject = 'identity.otp.v1.requested'`,
    [requestId],
  );
  return rows[0] && fromBinary(OtpRequestedSchema, new Uint8Array(rows[0].payload));
}

/** The code of a request, opened with the key that notify has. */
export async function codeIn(ctx: Context, requestId: string): Promise<string> {
  const otp = await findOtp(ctx, requestId);
  const { plaintext } = await compactDecrypt(otp?.encryptedCode ?? '', ctx.config.codes.envelopeKey);
  return new TextDecoder().decode(plaintext);
}

/** Headers of the session that an access token names. */
export function as({ access }: { access: string }): Headers {
  const { sub = '', sid, role } = decodeJwt<{ sid: string; role: 'customer' | 'admin' }>(access);
  return headersOf({ token: testToken({ userId: sub, sessionId: sid, role }) });
}

/** Six digits that are not the code. */
export function wrong(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** The refusal of a call: `REASON`, or `REASON field:FIELD_REASON`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  const fields = fieldsOf(error).map(({ field, reason }) => ` ${field}:${reason}`);
  return `${reasonOf(error) ?? Code[error.code]}${fields.join('')}`;
}

export async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConnectError) return error;
  throw error ?? new Error('the call was not refused');
}

function fieldsOf(error: ConnectError): { field: string; reason: string }[] {
  return error.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
}
