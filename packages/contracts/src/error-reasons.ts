import { type DescEnum, getOption, hasOption } from '@bufbuild/protobuf';
import { error } from '../gen/mawid/options/v1/options_pb.js';
import { allFiles } from './registry.ts';

/** A reason for which a call can be refused. */
export interface ErrorReasonInfo {
  /** Unique over the system, e.g. `SLOT_TAKEN`. */
  readonly reason: string;
  /** gRPC status code (the numbers of google.rpc.Code and of Connect's Code). */
  readonly code: number;
  /** HTTP status where it differs from the code's usual one. */
  readonly httpStatus: number | undefined;
  /** English text; `{name}` stands for the error's metadata of that name. */
  readonly en: string;
  /** Arabic text, with the same placeholders. */
  readonly ar: string;
}

const PREFIX = 'ERROR_REASON_';
const reasons: ReadonlyMap<string, ErrorReasonInfo> = readReasons();

/** Every reason of the system, by name. */
export function errorReasons(): ReadonlyMap<string, ErrorReasonInfo> {
  return reasons;
}

function readReasons(): Map<string, ErrorReasonInfo> {
  const found = new Map<string, ErrorReasonInfo>();
  for (const info of allFiles.flatMap((file) => file.enums).flatMap(reasonsOf)) {
    if (found.has(info.reason)) throw new Error(`the error reason ${info.reason} is declared twice`);
    found.set(info.reason, info);
  }
  return found;
}

function reasonsOf(declared: DescEnum): ErrorReasonInfo[] {
  return declared.values
    .filter((value) => hasOption(value, error))
    .map((value) => {
      const { code, httpStatus, en, ar } = getOption(value, error);
      const reason = value.name.slice(PREFIX.length);
      return { reason, code, httpStatus: httpStatus === 0 ? undefined : httpStatus, en, ar };
    });
}
