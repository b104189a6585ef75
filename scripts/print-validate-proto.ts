import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DescEnum, type DescExtension, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { FieldDescriptorProto_Label } from '@bufbuild/protobuf/wkt';
import { file_buf_validate_validate as file } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/**
 * Writes buf/validate/validate.proto as proto2 source below `folder`, printed from the descriptor that
 * @bufbuild/protovalidate carries: no npm package ships the file itself, and buf needs it as source.
 */
export function printValidateProto(folder: string): void {
  const path = join(folder, 'buf', 'validate', 'validate.proto');
  mkdirSync(dirname(path), { recursive: true });
  const lines = [
    'syntax = "proto2";',
    `package ${file.proto.package};`,
    ...file.proto.dependency.map((name) => `import "${name}";`),
    ...file.enums.flatMap((it) => printEnum(it, '')),
    ...file.messages.flatMap((it) => printMessage(it, '')),
    ...file.extensions.flatMap((it) => printExtension(it)),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
}

function printMessage(message: DescMessage, indent: string): string[] {
  const inner = `${indent}  `;
  const ungrouped = message.fields.filter((field) => field.oneof === undefined);
  return [
    `${indent}message ${message.name} {`,
    ...message.nestedEnums.flatMap((it) => printEnum(it, inner)),
    ...message.nestedMessages.filter((it) => !isMapEntry(it)).flatMap((it) => printMessage(it, inner)),
    ...ungrouped.map((it) => inner + printField(it, label(it))),
    ...message.oneofs.flatMap((oneof) => [
      `${inner}oneof ${oneof.name} {`,
      ...oneof.fields.map((it) => `${inner}  ${printField(it, '')}`),
      `${inner}}`,
    ]),
    ...message.proto.extensionRange.map((it) => `${inner}extensions ${it.start} to ${rangeEnd(it.end)};`),
    `${indent}}`,
  ];
}

function rangeEnd(exclusiveEnd: number): string {
  return exclusiveEnd > 536_870_911 ? 'max' : String(exclusiveEnd - 1);
}

function isMapEntry(message: DescMessage): boolean {
  return message.proto.options?.mapEntry === true;
}

function printEnum(enumeration: DescEnum, indent: string): string[] {
  const alias = enumeration.proto.options?.allowAlias ? [`${indent}  option allow_alias = true;`] : [];
  const values = enumeration.values.map((value) => `${indent}  ${value.name} = ${value.number};`);
  return [`${indent}enum ${enumeration.name} {`, ...alias, ...values, `${indent}}`];
}

function printExtension(extension: DescExtension): string[] {
  return [`extend ${extension.extendee.typeName} {`, `  ${printField(extension, label(extension))}`, '}'];
}

function label(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map') return '';
  if (field.fieldKind === 'list') return 'repeated ';
  return field.proto.label === FieldDescriptorProto_Label.REQUIRED ? 'required ' : 'optional ';
}

function printField(field: DescField | DescExtension, prefix: string): string {
  return `${prefix}${typeName(field)} ${field.name} = ${field.number};`;
}

function typeName(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map') return `map<${scalarName(field.mapKey)}, ${valueTypeName(field)}>`;
  return valueTypeName(field);
}

function valueTypeName(field: DescField | DescExtension): string {
  if (field.message !== undefined) return `.${field.message.typeName}`;
  if (field.enum !== undefined) return `.${field.enum.typeName}`;
  return scalarName(field.scalar);
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}
