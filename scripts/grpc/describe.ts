import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
  getExtension,
  hasExtension,
  type Message,
  ScalarType,
  toJson,
} from '@bufbuild/protobuf';

/** A service, method, message or enum as its proto would have it, custom options included. Throws when there is none. */
export function describe(registry: FileRegistry, symbol: string): string {
  const type = registry.get(symbol);
  switch (type?.kind) {
    case 'service':
      return describeService(registry, type);
    case 'message':
      return describeMessage(type);
    case 'enum':
      return describeEnum(type);
    default:
      return describeMethod(registry, requireMethod(registry, symbol)).join('\n');
  }
}

/** The method of `package.Service/Method` or `package.Service.Method`. */
export function requireMethod(registry: FileRegistry, name: string): DescMethod {
  const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf('.'));
  const service = registry.getService(name.slice(0, Math.max(cut, 0)));
  const method = service?.methods.find((each) => each.name === name.slice(cut + 1));
  if (method === undefined) throw new Error(`the server knows nothing of the name ${name}`);
  return method;
}

function describeService(registry: FileRegistry, service: DescService): string {
  const options = optionsOf(registry, service.proto.options).map((line) => `  ${line}`);
  const methods = service.methods.flatMap((method) => describeMethod(registry, method).map((line) => `  ${line}`));
  return [`service ${service.typeName} {`, ...options, ...methods, '}'].join('\n');
}

function describeMethod(registry: FileRegistry, method: DescMethod): string[] {
  const requests = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
  const answers = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
  const input = `${requests ? 'stream ' : ''}${method.input.typeName}`;
  const output = `${answers ? 'stream ' : ''}${method.output.typeName}`;
  const head = `rpc ${method.name}(${input}) returns (${output})`;
  const options = optionsOf(registry, method.proto.options).map((line) => `  ${line}`);
  return options.length === 0 ? [`${head};`] : [`${head} {`, ...options, '}'];
}

/** The options that a server has set, its own ones by their full names. */
function optionsOf(registry: FileRegistry, options: Message | undefined): string[] {
  if (options === undefined) return [];
  const own = Reflect.get(options, 'idempotencyLevel');
  const lines =
    own === 1 || own === 2 ? [`option idempotency_level = ${own === 1 ? 'NO_SIDE_EFFECTS' : 'IDEMPOTENT'};`] : [];
  for (const type of registry) {
    if (type.kind !== 'extension' || type.extendee.typeName !== options.$typeName) continue;
    if (hasExtension(options, type)) lines.push(`option (${type.typeName}) = ${toText(registry, options, type)};`);
  }
  return lines;
}

function toText(registry: FileRegistry, options: Message, extension: DescExtension): string {
  const value: unknown = getExtension(options, extension);
  if (extension.fieldKind === 'message')
    return JSON.stringify(toJson(extension.message, value as Message, { registry }));
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
}

function describeMessage(message: DescMessage): string {
  const fields = message.fields.map((field) => {
    const oneof = field.oneof === undefined ? '' : ` // one of ${field.oneof.name}`;
    return `  ${typeOf(field)} ${field.name} = ${field.number};${oneof}`;
  });
  return [`message ${message.typeName} {`, ...fields, '}'].join('\n');
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case 'map':
      return `map<${scalarName(field.mapKey)}, ${nameOf(field)}>`;
    case 'list':
      return `repeated ${nameOf(field)}`;
    default:
      return nameOf(field);
  }
}

function nameOf(field: DescField): string {
  return (
    field.message?.typeName ?? field.enum?.typeName ?? (field.scalar === undefined ? '?' : scalarName(field.scalar))
  );
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

function describeEnum(type: DescEnum): string {
  const values = type.values.map((value) => `  ${value.name} = ${value.number};`);
  return [`enum ${type.typeName} {`, ...values, '}'].join('\n');
}
