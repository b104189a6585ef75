import { ConnectError } from '@connectrpc/connect';
import { toCertificateFiles } from '@mawid/service-kit';
import { bootstrapAdmin } from '../seed/bootstrap-admin.ts';

const usage =
  'usage: npm run admin -- create +9665XXXXXXXX   (identity at IDENTITY_GRPC_ADDRESS, default 127.0.0.1:50051;\n' +
  'TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE: certificates of the service "ops" where it speaks mutual TLS)';

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const [command, phoneNumber, ...rest] = process.argv.slice(2);
  if (command !== 'create' || !phoneNumber || rest.length > 0) throw new Error(usage);
  const address = process.env.IDENTITY_GRPC_ADDRESS || '127.0.0.1:50051';
  const user = await bootstrapAdmin(address, phoneNumber, toCertificateFiles(process.env)).catch((error: unknown) => {
    throw new Error(`identity at ${address}: ${ConnectError.from(error).rawMessage}`, { cause: error });
  });
  console.log(`${user.phoneNumber} is an admin now (user ${user.id})`);
}
