import { BlockList, isIP } from 'node:net';
import type { NetworkKind } from '../domain/risk.ts';

/** Who runs the network that an address is in. */
export interface Network {
  asn: string;
  kind: NetworkKind;
}

/** Tells whose network an address is in; undefined where nobody has said. */
export type NetworkList = (address: string) => Network | undefined;

export const noNetworks: NetworkList = () => undefined;

const kinds: ReadonlySet<string> = new Set([
  'mobile',
  'fixed',
  'business',
  'hosting',
  'vpn',
  'tor',
] satisfies NetworkKind[]);

interface Row extends Network {
  address: string;
  length: number;
}

/**
 * Reads lines of `network,asn,kind` (`203.0.113.0/24,64500,hosting`); empty ones, those that begin with # and a heading are
 * skipped. Undefined when another line is malformed. Of networks within networks the smallest counts.
 */
export function parseNetworkList(text: string): NetworkList | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const rows = lines
    .filter((line) => line !== '' && !line.startsWith('#') && line !== 'network,asn,kind')
    .map(parseRow);
  if (rows.includes(undefined)) return undefined;
  return toLookup(rows.filter((row) => row !== undefined));
}

function parseRow(line: string): Row | undefined {
  const [network = '', asn = '', kind = '', ...more] = line.split(',').map((part) => part.trim());
  const [, address = '', digits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(network) ?? [];
  const length = Number(digits);
  const isValid = isIP(address) !== 0 && length <= (isIP(address) === 4 ? 32 : 128);
  if (!isValid || !/^\d{1,10}$/.test(asn) || !kinds.has(kind) || more.length > 0) return undefined;
  return { address, length, asn, kind: kind as NetworkKind };
}

/** Addresses of one family by their first bits: one look for each length of prefix that occurs, the longest first. */
function toLookup(rows: readonly Row[]): NetworkList {
  const tables = new Map<string, Map<bigint, Network>>();
  for (const { address, length, asn, kind } of rows) {
    const { family, bits, width } = toBits(address);
    const name = `${family}/${length}`;
    const table = tables.get(name) ?? new Map<bigint, Network>();
    tables.set(name, table.set(bits >> BigInt(width - length), { asn, kind }));
  }
  const lengths = (family: number) =>
    [...tables.keys()]
      .filter((name) => name.startsWith(`${family}/`))
      .map((name) => Number(name.split('/')[1]))
      .sort((left, right) => right - left);
  const byFamily = { 4: lengths(4), 6: lengths(6) };
  return (address) => {
    if (isIP(address) === 0) return undefined;
    const { family, bits, width } = toBits(address);
    const found = byFamily[family].find((length) =>
      tables.get(`${family}/${length}`)?.has(bits >> BigInt(width - length)),
    );
    return found === undefined ? undefined : tables.get(`${family}/${found}`)?.get(bits >> BigInt(width - found));
  };
}

const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

function toBits(address: string): { family: 4 | 6; bits: bigint; width: number } {
  if (isIP(address) === 4) return { family: 4, bits: toNumber(address.split('.').map(Number), 8), width: 32 };
  const bits = toNumber(toGroups(address), 16);
  if (mapped.check(address, 'ipv6')) return { family: 4, bits: bits & 0xffffffffn, width: 32 };
  return { family: 6, bits, width: 128 };
}

/** The eight groups of an IPv6 address; the URL parser writes every spelling in one way. */
function toGroups(address: string): number[] {
  const plain = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = plain.split('::', 2);
  const [before, after] = [head, tail].map((part) =>
    part === '' ? [] : part.split(':').map((it) => Number.parseInt(it, 16)),
  );
  const gap = new Array<number>(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill(0);
  return [...(before ?? []), ...gap, ...(after ?? [])];
}

function toNumber(digits: readonly number[], width: number): bigint {
  return digits.reduce((total, digit) => (total << BigInt(width)) | BigInt(digit), 0n);
}
