import type { Metadata } from '../types.ts';

interface Filterable {
  readonly id: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly metadata: Metadata | null;
}

/** Applies `id`, `status`, `created[gt|lt]`, `updated[gt|lt]` and `metadata[key]`. Unknown parameters are ignored, as by the provider. */
export function isListed(row: Filterable, query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    if (name === 'id' && row.id !== value) return false;
    if (name === 'status' && row.status !== value) return false;
    const [, group, key] = /^(created|updated|metadata)\[([^\]]+)\]$/.exec(name) ?? [];
    if (group === 'metadata' && row.metadata?.[key ?? ''] !== value) return false;
    if (group === 'created' && !isWithin(row.created_at, key, value)) return false;
    if (group === 'updated' && !isWithin(row.updated_at, key, value)) return false;
  }
  return true;
}

function isWithin(time: string, bound: string | undefined, value: string): boolean {
  const limit = Date.parse(value);
  if (Number.isNaN(limit)) return true;
  if (bound === 'gt') return Date.parse(time) > limit;
  return bound === 'lt' ? Date.parse(time) < limit : true;
}
