import type { PaymentsWorld } from './payments-world.ts';

export interface KeptEvent {
  id: string;
  type: string;
  outcome: string | null;
  attempts: number;
  last_error: string | null;
  payload: Record<string, unknown>;
}

/** The provider's events that are kept, in the order they came. */
export async function keptEvents(world: PaymentsWorld): Promise<KeptEvent[]> {
  const text = 'SELECT id, type, outcome, attempts, last_error, payload FROM webhook_events ORDER BY received_at';
  return (await world.ctx.database.query<KeptEvent>({ name: 'test.kept', text })).rows;
}
