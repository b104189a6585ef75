import { type DescMessage, fromJsonString, type MessageShape, toJson } from '@bufbuild/protobuf';
import { ConnectError, createClient, type Transport } from '@connectrpc/connect';
import {
  CertificateError,
  type CertificateFiles,
  type Certificates,
  createGrpcTransport,
  openCertificates,
} from '../../packages/rpc/src/index.ts';
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { askReflection, type Reflected } from './ask-reflection.ts';
import { describe, requireMethod } from './describe.ts';
import { showError } from './show-error.ts';

/** Where the command speaks to its user. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** All of the standard input. */
  readInput(): Promise<string>;
}

type Answer = MessageShape<DescMessage>;
type AnyMethod = (request: unknown, options: object) => Promise<Answer> | AsyncIterable<Answer>;

/** Runs the command line of a client that knows nothing but reflection; resolves with its exit code. */
export async function runGrpcCall(argv: string[], terminal: Terminal): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed === undefined) terminal.out(usage);
    return parsed === undefined ? 0 : await run(parsed, terminal);
  } catch (thrown) {
    terminal.err(thrown instanceof Error ? thrown.message : String(thrown));
    return 1;
  }
}

async function run(parsed: Arguments, terminal: Terminal): Promise<number> {
  const certificates = parsed.certificates === undefined ? undefined : openFiles(parsed.certificates);
  const transport = createGrpcTransport(parsed.address, { certificates, serverName: parsed.serverName });
  try {
    const reflected = await askReflection(transport);
    const { registry, services } = reflected;
    if (parsed.command === 'call') return await call(parsed, { transport, reflected, terminal });
    const symbols = parsed.symbol === undefined ? services : [parsed.symbol];
    if (parsed.command === 'list') terminal.out(services.join('\n'));
    else terminal.out(symbols.map((name) => describe(registry, name)).join('\n\n'));
    return 0;
  } finally {
    transport.close();
    certificates?.close();
  }
}

/** Throws an Error that names the file which cannot be used. */
function openFiles(files: CertificateFiles): Certificates {
  try {
    return openCertificates(files);
  } catch (error) {
    if (error instanceof CertificateError) throw new Error(`${files[error.part]}: ${error.message}`);
    throw error;
  }
}

interface Setting {
  transport: Transport;
  reflected: Reflected;
  terminal: Terminal;
}

async function call(parsed: Arguments, { transport, reflected, terminal }: Setting): Promise<number> {
  const { registry } = reflected;
  const method = requireMethod(registry, parsed.symbol ?? '');
  const texts = await Promise.all(parsed.requests.map((text) => (text === '-' ? terminal.readInput() : text)));
  const messages = texts.map((text) => fromJsonString(method.input, text, { registry }));
  async function* stream(): AsyncGenerator<Answer> {
    yield* messages;
  }
  function show(answer: Answer): void {
    const json = toJson(method.output, answer, { registry, alwaysEmitImplicit: true });
    terminal.out(JSON.stringify(json, undefined, 2));
  }
  const client = createClient(method.parent, transport) as unknown as Record<string, AnyMethod>;
  const streams = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
  if (!streams && messages.length > 1) throw new Error(`${method.name} takes one request, not ${messages.length}`);
  const request = streams ? stream() : (messages[0] ?? fromJsonString(method.input, '{}'));
  try {
    const answers = client[method.localName]?.(request, toOptions(parsed, terminal));
    if (answers === undefined) return 1;
    if (Symbol.asyncIterator in answers) for await (const answer of answers) show(answer);
    else show(await answers);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof ConnectError)) throw thrown;
    if (parsed.verbose) showMetadata('metadata', thrown.metadata, terminal);
    terminal.err(await showError(thrown, reflected.learn));
    return 1;
  }
}

function toOptions({ headers, timeoutMs, verbose }: Arguments, terminal: Terminal): object {
  if (!verbose) return { headers, timeoutMs };
  return {
    headers,
    timeoutMs,
    onHeader: (received: Headers) => showMetadata('header', received, terminal),
    onTrailer: (received: Headers) => showMetadata('trailer', received, terminal),
  };
}

function showMetadata(kind: string, metadata: Headers, terminal: Terminal): void {
  for (const [name, value] of metadata) terminal.err(`${kind} ${name}: ${value}`);
}
