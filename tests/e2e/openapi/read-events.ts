/** A server-sent event. */
export interface ReadEvent {
  /** Empty where it has none. */
  readonly id: string;
  /** `message` where nothing is said. */
  readonly type: string;
  readonly data: string;
}

/** The whole events of a text/event-stream so far (HTML Standard, "Server-sent events"); comments and retry times are none. */
export function readEvents(text: string): ReadEvent[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.map(readEvent).filter(({ data }) => data !== '');
}

function readEvent(block: string): ReadEvent {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string | undefined]));
  return { id: fields.get('id') ?? '', type: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
}
