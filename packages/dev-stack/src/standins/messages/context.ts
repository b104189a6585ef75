import type { Faults } from '../shared/faults.ts';
import type { MessagesStandinOptions } from './config.ts';
import type { Inboxes } from './inboxes.ts';

/** What every route gets. */
export interface Context {
  readonly options: MessagesStandinOptions;
  readonly inboxes: Inboxes;
  readonly faults: Faults;
}
