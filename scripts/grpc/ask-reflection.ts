import { create, createFileRegistry, type DescService, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../../packages/rpc/src/gen/grpc/reflection/v1/reflection_pb.js';
import { ServerReflection as ServerReflectionAlpha } from '../../packages/rpc/src/gen/grpc/reflection/v1alpha/reflection_pb.js';

type Asked = ServerReflectionRequest['messageRequest'];
type Answered = ServerReflectionResponse['messageResponse'];

/** What a server tells of itself. */
export interface Reflected {
  readonly services: string[];
  /** Everything its services are made of. */
  readonly registry: FileRegistry;
  /** The service; throws when the server has none of this name. */
  serviceOf(name: string): DescService;
  /** Asks for the type of an error's detail; the registry has it afterwards, if the server knows it. */
  learn(typeName: string): Promise<FileRegistry>;
}

/** Asks a server for its services and all their types, by reflection v1 or, from older servers, v1alpha. */
export async function askReflection(transport: Transport): Promise<Reflected> {
  const ask = createAsker(transport);
  const [listed] = await ask([{ case: 'listServices', value: '' }]);
  if (listed?.case !== 'listServicesResponse') throw new Error('the server does not list its services');
  const services = listed.value.service.map((service) => service.name).sort();
  const files = new Map<string, FileDescriptorProto>();
  await learnAll(ask, files, services);
  let registry = toRegistry(files);
  return {
    services,
    registry,
    serviceOf(name) {
      const service = registry.getService(name);
      if (service === undefined) throw new Error(`the server has no service ${name}; it has ${services.join(', ')}`);
      return service;
    },
    async learn(typeName) {
      if (registry.get(typeName) !== undefined) return registry;
      await learnAll(ask, files, [typeName]);
      registry = toRegistry(files);
      return registry;
    },
  };
}

type Ask = (asked: Asked[]) => Promise<Answered[]>;

function createAsker(transport: Transport): Ask {
  async function* toRequests(asked: Asked[]) {
    for (const messageRequest of asked) yield { messageRequest };
  }
  async function byV1(asked: Asked[]): Promise<Answered[]> {
    const client = createClient(ServerReflection, transport);
    return answersOf(client.serverReflectionInfo(toRequests(asked)));
  }
  async function byAlpha(asked: Asked[]): Promise<Answered[]> {
    const client = createClient(ServerReflectionAlpha, transport);
    return answersOf(client.serverReflectionInfo(toRequests(asked) as never));
  }
  return (asked) =>
    byV1(asked).catch((thrown: unknown) => {
      if (thrown instanceof ConnectError && thrown.code === Code.Unimplemented) return byAlpha(asked);
      throw thrown;
    });
}

async function answersOf(stream: AsyncIterable<{ messageResponse: unknown }>): Promise<Answered[]> {
  const answers: Answered[] = [];
  for await (const { messageResponse } of stream) answers.push(messageResponse as Answered);
  return answers;
}

/** Adds the files that declare some symbols, and those they import, which not every server sends along. */
async function learnAll(ask: Ask, files: Map<string, FileDescriptorProto>, symbols: string[]): Promise<void> {
  let asked: Asked[] = symbols.map((value) => ({ case: 'fileContainingSymbol', value }));
  while (asked.length > 0) {
    for (const answer of await ask(asked)) {
      if (answer.case !== 'fileDescriptorResponse') continue;
      for (const bytes of answer.value.fileDescriptorProto) {
        const file = fromBinary(FileDescriptorProtoSchema, bytes);
        files.set(file.name, file);
      }
    }
    const known = new Set(asked.map((each) => each.value));
    const missing = new Set([...files.values()].flatMap((file) => file.dependency).filter((name) => !files.has(name)));
    asked = [...missing].filter((name) => !known.has(name)).map((value) => ({ case: 'fileByFilename', value }));
  }
}

function toRegistry(files: Map<string, FileDescriptorProto>): FileRegistry {
  // An imported file must stand before all that import it.
  const sorted = new Set<FileDescriptorProto>();
  function add(name: string): void {
    const file = files.get(name);
    if (file === undefined || sorted.has(file)) return;
    for (const dependency of file.dependency) add(dependency);
    sorted.add(file);
  }
  for (const name of files.keys()) add(name);
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...sorted] }));
}
