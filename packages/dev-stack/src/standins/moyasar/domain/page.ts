const pageSize = 40;

export interface ListMeta {
  readonly current_page: number;
  readonly next_page: number | null;
  readonly prev_page: number | null;
  readonly total_pages: number;
  readonly total_count: number;
}

/** One page of 40, newest first, with the numbers of its neighbours. `rows` come oldest first. */
export function toPage<T>(rows: readonly T[], query: URLSearchParams): { rows: T[]; meta: ListMeta } {
  const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const start = (page - 1) * pageSize;
  return {
    rows: rows.toReversed().slice(start, start + pageSize),
    meta: {
      current_page: page,
      next_page: page < pages ? page + 1 : null,
      prev_page: page > 1 ? page - 1 : null,
      total_pages: pages,
      total_count: rows.length,
    },
  };
}
