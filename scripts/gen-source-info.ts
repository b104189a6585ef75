import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  type ServiceDescriptorProto,
  type SourceCodeInfo_Location,
} from '@bufbuild/protobuf/wkt';
import { root, tool } from './tools.ts';

/** Where an element stands and what its comment says, without line breaks inside paragraphs. */
type Source = readonly [line: number, comment: string];

interface Named {
  readonly name: string;
  readonly path: readonly number[];
}

// Field numbers in google/protobuf/descriptor.proto.
const inFile = { package: 2, messages: 4, enums: 5, services: 6, extensions: 7 } as const;
const inMessage = { fields: 2, messages: 3, enums: 4, oneofs: 8 } as const;
const inEnum = { values: 2 } as const;
const inService = { methods: 2 } as const;

/**
 * Writes the lines and comments of every element of our protos to `<folder>/source-info.json`: generated code carries no source
 * info, and the public reference of the API is made of it. Needs what `buf generate` needs.
 */
export function generateSourceInfo(folder: string): void {
  const files = buildFiles().filter((file) => file.name.startsWith('mawid/'));
  const entries = files.sort((a, b) => (a.name < b.name ? -1 : 1)).map((file) => [file.name, sourcesOf(file)] as const);
  writeFileSync(join(folder, 'source-info.json'), toText(entries));
}

function buildFiles(): FileDescriptorProto[] {
  const folder = mkdtempSync(join(tmpdir(), 'mawid-image-'));
  try {
    const image = join(folder, 'image.binpb');
    execFileSync(tool('buf'), ['build', '--path', 'proto/mawid', '-o', image], { cwd: root, stdio: 'pipe' });
    return fromBinary(FileDescriptorSetSchema, readFileSync(image)).file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line for each element, so that a change shows in review. */
function toText(files: readonly (readonly [string, ReadonlyMap<string, Source>])[]): string {
  const blocks = files.map(([name, sources]) => {
    const lines = [...sources].map(([element, source]) => `    ${JSON.stringify(element)}: ${JSON.stringify(source)}`);
    return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${blocks.join(',\n')}\n}\n`;
}

function sourcesOf(file: FileDescriptorProto): Map<string, Source> {
  const locations = new Map(file.sourceCodeInfo?.location.map((each) => [each.path.join(), each]));
  const elements: Named[] = [
    { name: file.package, path: [inFile.package] },
    ...file.messageType.flatMap((each, index) => messageElements(each, file.package, [inFile.messages, index])),
    ...file.enumType.flatMap((each, index) => enumElements(each, file.package, [inFile.enums, index])),
    ...file.service.flatMap((each, index) => serviceElements(each, file.package, [inFile.services, index])),
    ...file.extension.map((each, index) => ({
      name: `${file.package}.${each.name}`,
      path: [inFile.extensions, index],
    })),
  ];
  const found = new Map<string, Source>();
  for (const { name, path } of elements) {
    const location = locations.get(path.join());
    if (location !== undefined) found.set(name, [(location.span[0] ?? 0) + 1, toComment(location)]);
  }
  return found;
}

function messageElements(message: DescriptorProto, parent: string, path: readonly number[]): Named[] {
  if (message.options?.mapEntry) return [];
  const name = `${parent}.${message.name}`;
  const named = (each: { name: string }, kind: number, index: number): Named => ({
    name: `${name}.${each.name}`,
    path: [...path, kind, index],
  });
  return [
    { name, path },
    ...message.field.map((each, index) => named(each, inMessage.fields, index)),
    ...message.oneofDecl.map((each, index) => named(each, inMessage.oneofs, index)),
    ...message.nestedType.flatMap((each, index) => messageElements(each, name, [...path, inMessage.messages, index])),
    ...message.enumType.flatMap((each, index) => enumElements(each, name, [...path, inMessage.enums, index])),
  ];
}

function enumElements(declared: EnumDescriptorProto, parent: string, path: readonly number[]): Named[] {
  const name = `${parent}.${declared.name}`;
  const values = declared.value.map((each, index) => ({
    name: `${name}.${each.name}`,
    path: [...path, inEnum.values, index],
  }));
  return [{ name, path }, ...values];
}

function serviceElements(service: ServiceDescriptorProto, parent: string, path: readonly number[]): Named[] {
  const name = `${parent}.${service.name}`;
  const methods = service.method.map((each, index) => ({
    name: `${name}.${each.name}`,
    path: [...path, inService.methods, index],
  }));
  return [{ name, path }, ...methods];
}

/** Paragraphs are joined to a line each; list items keep theirs. What is written to buf is left out. */
function toComment(location: SourceCodeInfo_Location): string {
  const lines = location.leadingComments
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .filter((line) => !line.startsWith('buf:lint:'));
  return lines
    .join('\n')
    .trim()
    .replace(/\n{2,}/g, '\n\n')
    .replace(/(?<!\n)\n(?!\n|[-*] |\d+\. )/g, ' ');
}
