import type { Chosen } from '../domain/create-booking-draft.ts';
import type { FreeItem } from '../domain/decide-start.ts';

/** What a booking takes, as the function `create_booking` wants it: the staff of the items first, then resources. */
export interface Picks {
  /** Which item each is for, counted from 1. */
  readonly itemNumbers: readonly number[];
  /** Who or what will do for each, best first; filled up to one length, for PostgreSQL's arrays are rectangles. */
  readonly options: readonly (readonly (string | null)[])[];
  /** Who was picked for each item. */
  toChosen(picked: readonly string[]): Chosen[];
}

export function toPicks(items: readonly FreeItem[]): Picks {
  const staff = items.map(({ free }, index) => ({ index, options: free }));
  const resources = items.flatMap(({ freeResources }, index) => freeResources.map((options) => ({ index, options })));
  const picks = [...staff, ...resources];
  const longest = Math.max(...picks.map(({ options }) => options.length));
  return {
    itemNumbers: picks.map(({ index }) => index + 1),
    options: picks.map(({ options }) => Array.from({ length: longest }, (_, place) => options[place]?.id ?? null)),
    toChosen: (picked) =>
      items.map(({ free }, index) => ({
        staff: requireOne(free, picked[index]),
        resources: resources.flatMap(({ index: of, options }, place) =>
          of === index ? [requireOne(options, picked[items.length + place])] : [],
        ),
      })),
  };
}

function requireOne<T extends { readonly id: string }>(options: readonly T[], id: string | undefined): T {
  const one = options.find((each) => each.id === id);
  if (!one) throw new Error(`${id} was not to choose from`);
  return one;
}
