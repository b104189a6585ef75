import type { CertificateFiles } from '@mawid/rpc';
import { accounts } from './accounts.ts';
import { bootstrapAdmin } from './bootstrap-admin.ts';
import { createSalon } from './create-salon.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { goldenScissors, jasmine } from './salons.ts';
import { signIn } from './sign-in.ts';

/** The addresses that seeding needs. */
export interface SeedPlaces {
  urls: { gateway: string; messages: string };
  grpc: { identity: string };
  /** Of the operator, where gRPC speaks mutual TLS. */
  certificates?: CertificateFiles | undefined;
}

/**
 * Fills an empty system the way people would: an operator makes the first admin, who makes the manager and the staff;
 * the manager opens two salons; a customer registers. Only the admin and the manager sign in, so that nobody else has
 * to wait before asking for a code.
 */
export async function seed({ urls, grpc, certificates }: SeedPlaces): Promise<void> {
  await bootstrapAdmin({ address: grpc.identity, files: certificates }, accounts.admin.phoneNumber);
  const admin = await signIn(urls, accounts.admin.phoneNumber);
  const userIds = new Map<string, string>();
  for (const person of accounts.staff) userIds.set(person.phoneNumber, await setRole(admin, person, 'staff'));
  await setRole(admin, accounts.manager, 'manager');
  const manager = await signIn(urls, accounts.manager.phoneNumber);
  await createSalon(manager, jasmine, userIds);
  await createSalon(manager, goldenScissors, userIds);
  await registerCustomer(urls.gateway);
}

interface Person {
  phoneNumber: string;
  firstName: string;
  lastName: string;
}

async function setRole(admin: RestClient, person: Person, role: 'staff' | 'manager'): Promise<string> {
  const user = await admin.call<{ id: string }>('POST', '/api/admin/users/role', {
    phone_number: person.phoneNumber,
    role,
    first_name: person.firstName,
    last_name: person.lastName,
  });
  return user.id;
}

async function registerCustomer(gateway: string): Promise<void> {
  const { phoneNumber, firstName, lastName } = accounts.customer;
  await createRestClient(gateway).call('POST', '/api/auth/register', {
    phone_number: phoneNumber,
    first_name: firstName,
    last_name: lastName,
    preferred_language: 'ar',
  });
}
