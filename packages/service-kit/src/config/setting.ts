import { z } from 'zod';
import { type Networks, parseNetworks } from './networks.ts';

/** A zod schema that turns the text of an environment variable into a T. `.optional()` makes the setting optional. */
export type Setting<T> = z.ZodType<T>;

const developmentDefaults = new WeakMap<object, string>();

/** The text a setting has when nobody set it outside production; undefined when there is none. */
export function developmentDefaultOf(schema: object): string | undefined {
  return developmentDefaults.get(schema);
}

/**
 * Builders of settings. Each takes the default as its argument; without one the setting is required.
 * The default is a value, not the text.
 */
export const setting = {
  /** A TCP port, 0 for any free one. */
  port: (fallback?: number) => parsed('must be a port (0 to 65535)', (text) => parseInteger(text, 0, 65535), fallback),
  /** An http or https URL without a trailing slash. */
  url: (fallback?: string) => parsed('must be an http(s) URL', parseHttpUrl, fallback),
  postgresUrl: (fallback?: string) => parsed('must be a postgres:// URL', postgresUrl, fallback),
  natsUrl: (fallback?: string) => parsed('must be a nats:// or tls:// URL', natsUrl, fallback),
  text: (fallback?: string) => parsed('must not be empty', (text) => text, fallback),
  /** Text that is never printed. A development default counts only while NODE_ENV is not `production`. */
  secret: (developmentDefault?: string) =>
    forDevelopment(
      parsed('must not be empty', (text) => text),
      developmentDefault,
    ),
  /** 32 bytes in base64url, a secret as above. */
  secretBytes: (developmentDefault?: string) =>
    forDevelopment(parsed('must be 32 bytes in base64url', parseSecretBytes), developmentDefault),
  integer: (fallback?: number, bounds: { min?: number; max?: number } = {}) => integer(fallback, bounds),
  /** A fraction from 0 to 1. */
  ratio: (fallback?: number) => parsed('must be a number from 0 to 1', parseRatio, fallback),
  /** A whole number of milliseconds, at least 0. */
  milliseconds: (fallback?: number) => integer(fallback, { min: 0 }),
  boolean: (fallback?: boolean) => parsed('must be true or false', parseBoolean, fallback),
  /** Texts divided by commas; empty parts are dropped. */
  list: (fallback?: readonly string[]) =>
    parsed<readonly string[]>('must be a comma-separated list', parseList, fallback),
  /** What `parse` makes of the text, undefined where it is wrong; the default as text. `what` goes on from the setting's name: "must be …". */
  custom: <T>(what: string, parse: (text: string) => T | undefined, fallback?: string) =>
    parsed<T>(what, parse, fallback === undefined ? undefined : parse(fallback)),
  oneOf: <const T extends string>(choices: readonly T[], fallback?: T) =>
    parsed<T>(`must be one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text), fallback),
  /** IP networks divided by commas, the default as text. */
  networks: (fallback?: string) =>
    parsed<Networks>(
      'must be a list of IP networks',
      parseNetworks,
      fallback === undefined ? undefined : parseNetworks(fallback),
    ),
} as const;

/** Gives a setting a default that production refuses, also where somebody has set it to the same text. */
export function forDevelopment<T>(schema: Setting<T>, text: string | undefined): Setting<T> {
  if (text !== undefined) developmentDefaults.set(schema, text);
  return schema;
}

function parsed<T>(what: string, parse: (text: string) => T | undefined, fallback?: T): Setting<T> {
  const schema = z.string({ error: 'is not set' }).transform((text, ctx): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    ctx.addIssue({ code: 'custom', message: what });
    return z.NEVER;
  });
  return fallback === undefined ? schema : schema.default(fallback as never);
}

function integer(fallback: number | undefined, { min = 0, max = Number.MAX_SAFE_INTEGER }): Setting<number> {
  const what = `must be a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`;
  return parsed(what, (text) => parseInteger(text, min, max), fallback);
}

function parseSecretBytes(text: string): Buffer | undefined {
  return /^[\w-]{43}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
}

function parseInteger(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^-?\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

function parseRatio(text: string): number | undefined {
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

function parseList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseHttpUrl(text: string): string | undefined {
  return hasProtocol(text, ['http:', 'https:']) ? text.replace(/\/+$/, '') : undefined;
}

function postgresUrl(text: string): string | undefined {
  return hasProtocol(text, ['postgres:', 'postgresql:']) ? text : undefined;
}

function natsUrl(text: string): string | undefined {
  return text.split(',').every((part) => hasProtocol(part.trim(), ['nats:', 'tls:'])) ? text : undefined;
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
