import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, der, integer, objectId, octets, sequence, set, time, utf8, yes } from './der.ts';

/** What a certificate says; everything has a default. */
export interface CertificateRequest {
  /** The service's name: `spiffe://mawid.test/ns/mawid/sa/<name>`, and a DNS name. Default `booking`. */
  name?: string;
  /** In place of the SPIFFE id above, any number of them. */
  uris?: string[];
  /** More DNS names and IPv4 addresses. Default `localhost` and `127.0.0.1`. */
  hosts?: string[];
  /** Default a minute ago. */
  notBefore?: Date;
  /** Default in a day. */
  notAfter?: Date;
}

/** A certificate and its key, PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
  /** As node:crypto writes it. */
  readonly serialNumber: string;
}

export interface CertificateAuthority {
  /** Its own certificate, PEM. */
  readonly pem: string;
  issue(request?: CertificateRequest): IssuedCertificate;
  /** An authority whose certificate this one has signed. */
  issueAuthority(name: string): CertificateAuthority;
}

const minute = 60_000;
const day = 24 * 60 * minute;

// RFC 5280 (extensions), RFC 5758 (the signature).
const oid = {
  commonName: '550403',
  ecdsaWithSha256: '2a8648ce3d040302',
  subjectKey: '551d0e',
  keyUsage: '551d0f',
  alternativeName: '551d11',
  basicConstraints: '551d13',
  authorityKey: '551d23',
  extendedKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
} as const;

/** An authority of its own for tests: nothing outside trusts it. */
export function createCertificateAuthority(name = 'Test CA'): CertificateAuthority {
  return createAuthority(name);
}

interface Issuer {
  name: string;
  key: KeyObject;
  /** Tells authorities of the same name apart. */
  keyId: Buffer;
}

function createAuthority(name: string, parent?: Issuer): CertificateAuthority {
  const keys = createKeys();
  const issuer = { name, key: keys.privateKey, keyId: toKeyId(keys.publicKey) };
  const { cert } = toCertificate(parent ?? issuer, {
    name,
    publicKey: keys.publicKey,
    notBefore: new Date(Date.now() - 60 * minute),
    notAfter: new Date(Date.now() + 3 * day),
    extensions: [
      extension(oid.basicConstraints, sequence(yes)),
      extension(oid.subjectKey, octets(issuer.keyId)),
      // Certificates and lists of revoked ones.
      extension(oid.keyUsage, bits(Buffer.from([0x06]), 1)),
    ],
  });
  return {
    pem: cert,
    issue: (request = {}) => issue(issuer, request),
    issueAuthority: (child) => createAuthority(child, issuer),
  };
}

function issue(issuer: Issuer, request: CertificateRequest): IssuedCertificate {
  const { name = 'booking' } = request;
  const keys = createKeys();
  const certificate = toCertificate(issuer, {
    name,
    publicKey: keys.publicKey,
    notBefore: request.notBefore ?? new Date(Date.now() - minute),
    notAfter: request.notAfter ?? new Date(Date.now() + day),
    extensions: [
      extension(oid.basicConstraints, sequence()),
      extension(oid.extendedKeyUsage, sequence(objectId(oid.serverAuth), objectId(oid.clientAuth))),
      extension(oid.alternativeName, sequence(...toAlternativeNames(name, request))),
    ],
  });
  return { ...certificate, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

interface Content {
  name: string;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  extensions: Buffer[];
}

function toCertificate(issuer: Issuer, content: Content): { cert: string; serialNumber: string } {
  const serialNumber = `1${randomBytes(8).toString('hex').toUpperCase()}1`;
  const algorithm = sequence(objectId(oid.ecdsaWithSha256));
  const signed = sequence(
    der(0xa0, integer('02')),
    integer(serialNumber),
    algorithm,
    toName(issuer.name),
    sequence(time(content.notBefore), time(content.notAfter)),
    toName(content.name),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...content.extensions, extension(oid.authorityKey, sequence(der(0x80, issuer.keyId))))),
  );
  const whole = sequence(signed, algorithm, bits(sign('sha256', signed, issuer.key)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`, serialNumber };
}

function toName(name: string): Buffer {
  return sequence(set(sequence(objectId(oid.commonName), utf8(name))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), octets(value));
}

function toAlternativeNames(name: string, { uris, hosts = ['localhost', '127.0.0.1'] }: CertificateRequest): Buffer[] {
  const ids = uris ?? [`spiffe://mawid.test/ns/mawid/sa/${name}`];
  const address = (host: string) => Buffer.from(host.split('.').map(Number));
  return [
    ...[name, ...hosts].map((host) => (isIPv4(host) ? der(0x87, address(host)) : der(0x82, Buffer.from(host)))),
    ...ids.map((id) => der(0x86, Buffer.from(id))),
  ];
}

function toKeyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function createKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
