import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DescEnum,
  DescEnumValue,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from '@bufbuild/protobuf';

/** Where an element of a proto stands and what is said of it there. */
export interface SourceInfo {
  /** Path below proto/, e.g. `mawid/booking/v1/booking_service.proto`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The comment before it; its paragraphs are parted by an empty line. */
  readonly comment: string;
}

/** Anything that a proto declares; a file stands for its package statement. */
export type DescElement =
  | DescFile
  | DescMessage
  | DescField
  | DescOneof
  | DescExtension
  | DescEnum
  | DescEnumValue
  | DescService
  | DescMethod;

type Stored = Readonly<Record<string, Readonly<Record<string, readonly [line: number, comment: string]>>>>;

let stored: Stored | undefined;

/**
 * The line and comment of an element of Mawid's protos; undefined for elements of other protos. Reads a generated file at its
 * first use: services that never ask do not pay for it.
 */
export function sourceOf(element: DescElement): SourceInfo | undefined {
  stored ??= JSON.parse(readFileSync(join(import.meta.dirname, '../gen/source-info.json'), 'utf8')) as Stored;
  const file = `${fileOf(element).name}.proto`;
  const source = stored[file]?.[fullNameOf(element)];
  return source && { file, line: source[0], comment: source[1] };
}

function fileOf(element: DescElement): DescFile {
  switch (element.kind) {
    case 'file':
      return element;
    case 'message':
    case 'enum':
    case 'service':
    case 'extension':
      return element.file;
    default:
      return element.parent.file;
  }
}

function fullNameOf(element: DescElement): string {
  switch (element.kind) {
    case 'file':
      return element.proto.package;
    case 'message':
    case 'enum':
    case 'service':
    case 'extension':
      return element.typeName;
    default:
      return `${element.parent.typeName}.${element.name}`;
  }
}
