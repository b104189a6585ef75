import { createRegistry, type DescExtension, type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** What reflection can be asked about a set of services. Files are FileDescriptorProto bytes, dependencies included. */
export interface ReflectionIndex {
  services(): string[];
  fileByName(name: string): Uint8Array[] | undefined;
  /** The file that declares a service, method, message, field, enum or extension of this full name. */
  fileBySymbol(symbol: string): Uint8Array[] | undefined;
  fileByExtension(message: string, number: number): Uint8Array[] | undefined;
  /** Numbers of the known extensions of a message; undefined when the message is unknown. */
  extensionNumbers(message: string): number[] | undefined;
}

/** Indexes the files of the given services and what else callers may meet, with everything they import. */
export function createReflectionIndex(services: readonly DescService[], others: readonly DescFile[]): ReflectionIndex {
  const files = withDependencies([...services.map((service) => service.file), ...others]);
  const byName = new Map(files.map((file) => [file.proto.name, file]));
  const registry = createRegistry(...files);

  function serialize(file: DescFile | undefined): Uint8Array[] | undefined {
    if (file === undefined) return undefined;
    return withDependencies([file]).map((each) => toBinary(FileDescriptorProtoSchema, each.proto));
  }

  function extensionsOf(message: string): DescExtension[] {
    const all = [...registry].filter((type): type is DescExtension => type.kind === 'extension');
    return all.filter((extension) => extension.extendee.typeName === message);
  }

  return {
    services: () => [...new Set(services.map((service) => service.typeName))].sort(),
    fileByName: (name) => serialize(byName.get(name)),
    fileBySymbol(symbol) {
      const parent = symbol.slice(0, Math.max(symbol.lastIndexOf('.'), 0));
      return serialize(
        registry.get(symbol)?.file ??
          (hasMember(registry.get(parent), symbol) ? registry.get(parent)?.file : undefined),
      );
    },
    fileByExtension: (message, number) => serialize(extensionsOf(message).find((each) => each.number === number)?.file),
    extensionNumbers(message) {
      if (registry.getMessage(message) === undefined) return undefined;
      return extensionsOf(message).map((extension) => extension.number);
    },
  };
}

type Declaration = ReturnType<ReturnType<typeof createRegistry>['get']>;

function hasMember(declaration: Declaration, symbol: string): boolean {
  const name = symbol.slice(symbol.lastIndexOf('.') + 1);
  switch (declaration?.kind) {
    case 'service':
      return declaration.methods.some((method) => method.name === name);
    case 'message':
      return [...declaration.fields, ...declaration.oneofs].some((member) => member.name === name);
    default:
      return false;
  }
}

/** The files and all they import, each once, an importing file before those it imports. */
function withDependencies(files: readonly DescFile[]): DescFile[] {
  const found = new Set<DescFile>(files);
  for (const file of found) for (const dependency of file.dependencies) found.add(dependency);
  return [...found];
}
