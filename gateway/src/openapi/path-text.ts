import type { Capture, PathTemplate, TemplateSegment } from '../rest/template.ts';

/** A place of a path that clients fill. */
export interface PathPlace {
  readonly name: string;
  /** The request's field, dotted; undefined for a wildcard that nothing captures. */
  readonly field: string | undefined;
  /** Whether it is one of several segments, or any number of them, that make the field. */
  readonly isPart: boolean;
  readonly mayHoldSlashes: boolean;
}

/** A template as OpenAPI writes it, `/api/salons/{salon_id}`, and what its places stand for. */
export interface PathText {
  readonly path: string;
  readonly places: readonly PathPlace[];
}

/** OpenAPI knows no wildcards inside a variable: `{name=salons/*}` is `salons/{name}`. */
export function toPathText(template: PathTemplate): PathText {
  const places: PathPlace[] = [];
  const parts = template.segments.map((segment, index) => {
    if (typeof segment === 'object') return encodeURIComponent(segment.literal).replaceAll('%40', '@');
    const place = toPlace(segment, index, template);
    places.push(place);
    return `{${place.name}}`;
  });
  return { path: `/${parts.join('/')}${template.verb === '' ? '' : `:${template.verb}`}`, places };
}

function toPlace(segment: TemplateSegment, index: number, template: PathTemplate): PathPlace {
  const mayHoldSlashes = segment === '**';
  const capture = template.captures.find(({ start, end }) => start <= index && (end === undefined || index < end));
  if (capture === undefined) return { name: `segment_${index + 1}`, field: undefined, isPart: true, mayHoldSlashes };
  const field = capture.fieldPath.join('.');
  const wildcards = wildcardsOf(capture, template);
  const name = wildcards.length === 1 ? field : `${field}_${wildcards.indexOf(index) + 1}`;
  const isPart = wildcards.length > 1 || (capture.end ?? template.segments.length) - capture.start > 1;
  return { name, field, isPart, mayHoldSlashes };
}

function wildcardsOf({ start, end }: Capture, { segments }: PathTemplate): number[] {
  const indexes = segments.map((segment, index) => (typeof segment === 'object' ? -1 : index));
  return indexes.filter((index) => index >= start && (end === undefined || index < end));
}
