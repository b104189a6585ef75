import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { eventTypeOf } from '@mawid/contracts';
import type { VerifyPhoneCodeResponse } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { Role } from '@mawid/contracts/gen/mawid/identity/v1/user_pb.js';
import { as, type IdentityFixture } from '../identity-fixture.ts';

export const ops = { headers: { 'x-mawid-peer': 'ops' } };

/** Somebody who is signed in. */
export interface Account {
  id: string;
  phoneNumber: string;
  session: VerifyPhoneCodeResponse;
  /** Options of calls as them. */
  on: { headers: Headers };
}

export async function newAccount(identity: IdentityFixture, phoneNumber = identity.newPhone()): Promise<Account> {
  const session = await identity.signIn(phoneNumber);
  return { id: session.user?.id ?? '', phoneNumber, session, on: { headers: as(session) } };
}

export async function newAdmin(identity: IdentityFixture): Promise<Account> {
  const phoneNumber = identity.newPhone();
  await identity.admin.bootstrapAdmin({ phoneNumber }, ops);
  return newAccount(identity, phoneNumber);
}

/** Somebody with a role that an admin gives. */
export async function newColleague(identity: IdentityFixture, admin: Account, role: Role): Promise<Account> {
  const phoneNumber = identity.newPhone();
  await identity.admin.setUserRole({ phoneNumber, role }, admin.on);
  return newAccount(identity, phoneNumber);
}

/** The facts of one kind about an aggregate, in their order. */
export async function factsOf<D extends DescMessage>(
  identity: IdentityFixture,
  schema: D,
  field: { name: string; value: string },
): Promise<MessageShape<D>[]> {
  const rows = await identity.rows<{ payload: Buffer }>(
    'SELECT payload FROM outbox WHERE subject = $1 ORDER BY position',
    eventTypeOf(schema).subject,
  );
  const facts = rows.map((row) => fromBinary(schema, new Uint8Array(row.payload)));
  return facts.filter((fact) => (fact as unknown as Record<string, unknown>)[field.name] === field.value);
}

export interface AuditLine {
  kind: string;
  outcome: string;
  reason: string;
  actor_id: string | null;
  phone_number: string | null;
  address: string | null;
  device_id: string | null;
  user_agent: string | null;
  details: Record<string, string>;
}

export function auditOf(identity: IdentityFixture, userId: string, kind: string): Promise<AuditLine[]> {
  return identity.rows<AuditLine>(
    'SELECT * FROM audit_log WHERE user_id = $1 AND kind = $2 ORDER BY at, id',
    userId,
    kind,
  );
}

export { Role };
