import type { Faults } from '../shared/faults.ts';
import type { Books } from './books.ts';
import type { MoyasarStandinOptions } from './config.ts';
import type { Webhooks } from './webhooks.ts';

/** What every route gets. */
export interface Context {
  readonly options: MoyasarStandinOptions;
  readonly books: Books;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Where browsers reach the hosted pages; known once the port is. */
  publicUrl(): string;
}
