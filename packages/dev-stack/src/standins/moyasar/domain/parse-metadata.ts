import { isFields } from '../../shared/parse-fields.ts';
import type { FieldErrors } from '../errors.ts';
import type { Metadata } from '../types.ts';

/** At most 30 keys of 40 characters with values of 500; an empty value unsets a key of `before`. Problems go to `problems`. */
export function parseMetadata(value: unknown, problems: FieldErrors, before: Metadata | null = null): Metadata | null {
  if (value === undefined || value === null) return before;
  if (!isFields(value)) {
    problems.metadata = ['must be a hash'];
    return before;
  }
  const given = Object.entries(value).map(([key, item]) => [key, toValue(item)] as const);
  const merged = Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, item]) => item !== '');
  if (merged.length > 30) problems.metadata = ['must not have more than 30 keys'];
  if (merged.some(([key]) => key.length > 40)) problems.metadata = ['keys must not be longer than 40 characters'];
  if (merged.some(([, item]) => item.length > 500))
    problems.metadata = ['values must not be longer than 500 characters'];
  return Object.fromEntries(merged);
}

function toValue(item: unknown): string {
  return item === null || item === undefined ? '' : String(item);
}
