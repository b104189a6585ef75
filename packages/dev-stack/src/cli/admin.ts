import { timestampDate } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { toCertificateFiles } from '@mawid/service-kit';
import { asOperator, type OperatorAccess } from '../seed/as-operator.ts';
import { bootstrapAdmin } from '../seed/bootstrap-admin.ts';
import { type AdminOrder, adminUsage, parseAdminArguments } from './admin-arguments.ts';

// 0: done. 1: identity refused it or cannot be reached. 2: no such command.
await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const order = parseAdminArguments(process.argv.slice(2));
  if (order === undefined) {
    console.error(adminUsage);
    process.exitCode = 2;
    return;
  }
  const address = process.env.IDENTITY_GRPC_ADDRESS || '127.0.0.1:50051';
  const access = { address, files: toCertificateFiles(process.env) };
  const answer = await run(order, access).catch((error: unknown) => {
    throw new Error(`identity at ${address}: ${ConnectError.from(error).rawMessage}`, { cause: error });
  });
  console.log(answer);
}

async function run(order: AdminOrder, access: OperatorAccess): Promise<string> {
  if (order.command === 'help') return adminUsage;
  if (order.command === 'rotate-keys') return rotateKeys(access, order.isCompromised);
  const user = await bootstrapAdmin(access, order.phoneNumber);
  return `${user.phoneNumber} is an admin now (user ${user.id})`;
}

async function rotateKeys(access: OperatorAccess, isCompromised: boolean): Promise<string> {
  const { kid, activeFrom } = await asOperator(access, (admin) => admin.rotateSigningKey({ isCompromised }));
  const from = activeFrom ? timestampDate(activeFrom).toISOString() : 'now';
  return `the key ${kid} signs from ${from} on${isCompromised ? '; all others are withdrawn' : ''}`;
}
