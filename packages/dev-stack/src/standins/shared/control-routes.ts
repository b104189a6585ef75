import { z } from 'zod';
import type { Fault, Faults } from './faults.ts';
import { plainRoute, type Reply, type Route, type StandinRequest } from './http-types.ts';
import { parseJsonObject } from './parse-fields.ts';
import { toJson } from './reply.ts';

export interface ControlOptions {
  readonly faults: Faults;
  readonly modes: readonly string[];
  /** Forgets all data; faults are forgotten too. */
  reset(): void;
}

/** `POST /_control` adds a fault, `GET` lists them, `DELETE` clears them, `POST /_control/reset` forgets everything. */
export function controlRoutes(options: ControlOptions): Route[] {
  const { faults } = options;
  const listFaults = () => toJson(200, { faults: faults.list() });
  return [
    plainRoute('GET', '/_control', listFaults),
    plainRoute('POST', '/_control', (request) => addFault(options, request)),
    plainRoute('DELETE', '/_control', () => {
      faults.clear();
      return listFaults();
    }),
    plainRoute('POST', '/_control/reset', () => {
      faults.clear();
      options.reset();
      return toJson(200, { reset: true });
    }),
  ];
}

function addFault(options: ControlOptions, request: StandinRequest): Reply {
  const fault = z
    .strictObject({
      mode: z.enum(options.modes as [string, ...string[]]),
      match: z
        .string()
        .regex(/^[A-Z]+ \//, 'METHOD /path, e.g. POST /v1/payments/{id}/refund')
        .optional(),
      ms: z.int().min(0).max(600_000).optional(),
      status: z.int().min(400).max(599).optional(),
      times: z.int().min(1).optional(),
    })
    .safeParse(parseJsonObject(request.body));
  if (!fault.success) return toJson(400, { message: z.prettifyError(fault.error) });
  options.faults.add(fault.data as Fault);
  return toJson(200, { faults: options.faults.list() });
}
