/** A place in the stream of events, as clients keep it: `<when the stream was made, epoch seconds>-<sequence>`. */
export interface StreamPosition {
  readonly createdAt: number;
  readonly sequence: number;
}

const pattern = /^(\d{1,12})-(\d{1,15})$/;

export function toEventId({ createdAt, sequence }: StreamPosition): string {
  return `${createdAt}-${sequence}`;
}

/** The place that an id names; undefined for what no stream of ours has given out. */
export function parseEventId(id: string): StreamPosition | undefined {
  const [, createdAt, sequence] = pattern.exec(id) ?? [];
  if (createdAt === undefined || sequence === undefined) return undefined;
  return { createdAt: Number(createdAt), sequence: Number(sequence) };
}
