import { parseArgs } from 'node:util';

/** What `npm run admin -- …` may say. */
export type AdminOrder =
  | { command: 'create'; phoneNumber: string }
  | { command: 'rotate-keys'; isCompromised: boolean }
  | { command: 'help' };

export const adminUsage = `usage: npm run admin -- <command>
  create +9665XXXXXXXX          make the phone number an admin
  rotate-keys                   make the next signing key of access tokens now; it signs in ten minutes
  rotate-keys --compromised     the keys are in foreign hands: withdraw them now. Every access token dies, clients refresh
  --help                        print this
Identity is at IDENTITY_GRPC_ADDRESS, default 127.0.0.1:50051. Where it speaks mutual TLS: TLS_CERT_FILE, TLS_KEY_FILE,
TLS_CA_FILE, the certificates of the service "ops".`;

/** Reads the arguments; undefined when they make no sense. */
export function parseAdminArguments(args: readonly string[]): AdminOrder | undefined {
  const parsed = parse(args);
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  if (values.help) return { command: 'help' };
  const [command, phoneNumber, ...rest] = positionals;
  const isCompromised = values.compromised ?? false;
  if (rest.length > 0) return undefined;
  if (command === 'create' && phoneNumber && !isCompromised) return { command, phoneNumber };
  return command === 'rotate-keys' && phoneNumber === undefined ? { command, isCompromised } : undefined;
}

function parse(args: readonly string[]) {
  const options = { compromised: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch {
    return undefined;
  }
}
