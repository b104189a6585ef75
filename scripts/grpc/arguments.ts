import { parseArgs } from 'node:util';
import type { CertificateFiles } from '../../packages/rpc/src/index.ts';

export const usage = `Calls any gRPC server that has reflection.

  npm run -s grpc -- <address> list
  npm run -s grpc -- <address> describe [<service, method, message or enum>]
  npm run -s grpc -- <address> call <service>/<method> ['<JSON request>' ... | -]

  -H 'name: value'      request metadata, also several times; -bin values in base64
  --deadline <ms>       5000 unless told; 0 for none, where answers are streamed
  --cert, --key, --ca   PEM files for mutual TLS, all three
  --server-name <name>  the name the server's certificate must be for
  -v                    shows headers and trailers too

A request is {} unless given; '-' reads one from the standard input. Methods that take a stream take several.
Answers go to the standard output as JSON, errors with their details to the standard error with exit code 1.`;

/** What somebody wants of a server. */
export interface Arguments {
  address: string;
  command: 'list' | 'describe' | 'call';
  symbol: string | undefined;
  requests: string[];
  headers: Headers;
  timeoutMs: number | undefined;
  certificates: CertificateFiles | undefined;
  serverName: string | undefined;
  verbose: boolean;
}

/** Reads the command line; undefined when it asks for help. Throws an Error with the usage when it makes no sense. */
export function parseArguments(argv: string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      header: { type: 'string', short: 'H', multiple: true },
      deadline: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      ca: { type: 'string' },
      'server-name': { type: 'string' },
      verbose: { type: 'boolean', short: 'v' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [address, command, symbol, ...requests] = positionals;
  if (values.help === true || address === undefined) return undefined;
  if (command !== 'list' && command !== 'describe' && command !== 'call') throw new Error(usage);
  if (command === 'call' && symbol === undefined) throw new Error(usage);
  return {
    address,
    command,
    symbol,
    requests,
    headers: toHeaders(values.header ?? []),
    timeoutMs: values.deadline === undefined ? undefined : toMs(values.deadline),
    certificates: toFiles(values),
    serverName: values['server-name'],
    verbose: values.verbose === true,
  };
}

function toHeaders(given: readonly string[]): Headers {
  const headers = new Headers();
  for (const header of given) {
    const colon = header.indexOf(':');
    if (colon < 1) throw new Error(`-H wants 'name: value', not ${header}`);
    headers.append(header.slice(0, colon).trim(), header.slice(colon + 1).trim());
  }
  return headers;
}

function toMs(deadline: string): number {
  if (!/^\d{1,9}$/.test(deadline)) throw new Error(`--deadline wants milliseconds, not ${deadline}`);
  return Number(deadline);
}

function toFiles({ cert, key, ca }: { cert?: string; key?: string; ca?: string }): CertificateFiles | undefined {
  if (cert !== undefined && key !== undefined && ca !== undefined) return { certFile: cert, keyFile: key, caFile: ca };
  if (cert !== undefined || key !== undefined || ca !== undefined)
    throw new Error('--cert, --key and --ca go together');
  return undefined;
}
