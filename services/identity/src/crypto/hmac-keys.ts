/** A secret that codes are hashed with; its id is kept beside each hash, so that two can live at once. */
export interface HmacKey {
  id: string;
  secret: Buffer;
}

/** Reads `id:base64url,id:base64url`; undefined when a part is malformed, a secret is short, or an id comes twice. */
export function parseHmacKeys(text: string): HmacKey[] | undefined {
  const keys = text.split(',').map(parseHmacKey);
  const known = keys.filter((key) => key !== undefined);
  const ids = new Set(known.map((key) => key.id));
  return known.length === keys.length && ids.size === keys.length ? known : undefined;
}

function parseHmacKey(text: string): HmacKey | undefined {
  const [, id, encoded] = /^\s*([\w.-]{1,32}):([\w-]{43,})\s*$/.exec(text) ?? [];
  return id === undefined || encoded === undefined ? undefined : { id, secret: Buffer.from(encoded, 'base64url') };
}
