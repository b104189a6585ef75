import { accounts } from '../seed/accounts.ts';
import type { Stack } from '../stack/stack.ts';

/** What a person wants to know when the system runs. */
export function toWelcome(stack: Stack, seconds: number): string {
  const { urls, grpc, ports } = stack;
  const services = Object.entries(grpc).map(([name, address]) =>
    row(name, `gRPC ${address}`, urls.http[name as never]),
  );
  return [
    '',
    `Mawid runs (started in ${seconds.toFixed(1)} s). Ctrl-C stops it.`,
    '',
    row('REST', `${urls.gateway}/api`),
    row('reference', `${urls.gateway}/docs`, 'of REST; /openapi.json for generators'),
    row('phones', urls.messages, 'what was sent to whom'),
    row('payments', urls.moyasar, 'stand-in for Moyasar'),
    ...services,
    row('PostgreSQL', `127.0.0.1:${ports.postgres}`),
    row('NATS', `127.0.0.1:${ports.nats}`),
    '',
    'Accounts; sign-in codes arrive on the phones:',
    row('customer', accounts.customer.phoneNumber, `${urls.messages}/phones/${accounts.customer.phoneNumber}/messages`),
    row('manager', accounts.manager.phoneNumber),
    row(
      'staff',
      accounts.staff
        .map((person) => person.phoneNumber.slice(-1))
        .join(', ')
        .replace(/^/, '+96650000000…'),
    ),
    row('admin', accounts.admin.phoneNumber),
    '',
  ].join('\n');
}

function row(name: string, value: string, note = ''): string {
  return `  ${name.padEnd(12)}${value.padEnd(34)}${note}`.trimEnd();
}
