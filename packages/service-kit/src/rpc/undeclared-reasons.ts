import type { DescMethod } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { reasonsOf } from '@mawid/contracts';
import { reasonOf } from '../errors/refuse.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

/** Sees every refusal of a service. */
export type RefusalObserver = (method: DescMethod, error: ConnectError) => void;

/**
 * Tells of refusals whose reason the method's proto does not name (`mawid.options.v1.reasons`): clients were promised the named ones. Each is counted;
 * each kind is logged once. Errors without a reason of ours are no refusals.
 */
export function undeclaredReasons({ logger, telemetry }: { logger: Logger; telemetry: Telemetry }): RefusalObserver {
  const promised = new WeakMap<DescMethod, ReadonlySet<string>>();
  const told = new Set<string>();
  return (method, error) => {
    const reason = reasonOf(error);
    const known = promised.get(method) ?? reasonsOf(method);
    promised.set(method, known);
    if (reason === undefined || known.has(reason)) return;
    const name = `${method.parent.typeName}/${method.name}`;
    telemetry.instruments.undeclaredReasons.inc({ rpc_method: name, reason });
    const kind = `${name} ${reason}`;
    if (told.has(kind)) return;
    told.add(kind);
    logger.warn({ rpc_method: name, reason }, 'a call was refused for a reason that its proto does not name');
  };
}
