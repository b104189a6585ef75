import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { CertificateError, type CertificateFiles } from './certificate-error.ts';
import { isSignedBy, parseCertificates } from './parse-certificates.ts';
import { type PeerIdentity, parseIdentity } from './peer-identity.ts';

/** The content of the three files. */
export type Pems = Readonly<Record<keyof CertificateFiles, Buffer>>;

/** A certificate, its key and the trusted authorities, proved to belong together. */
export interface KeyMaterial {
  readonly pems: Pems;
  readonly identity: PeerIdentity;
  readonly serialNumber: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

/**
 * Checks that a peer would accept what the files hold: the key is the certificate's, an authority of `caFile` has signed it,
 * it is valid at `now` (milliseconds) and names a service. Throws CertificateError.
 */
export function toKeyMaterial(pems: Pems, now: number): KeyMaterial {
  const authorities = parseCertificates(pems.caFile);
  if (!authorities) throw new CertificateError('caFile', 'holds no complete certificates');
  const [certificate, ...between] = parseCertificates(pems.certFile) ?? [];
  if (!certificate) throw new CertificateError('certFile', 'holds no complete certificate');
  assertInTime(certificate, now);
  if (!certificate.checkPrivateKey(parseKey(pems.keyFile))) {
    throw new CertificateError('keyFile', 'is not the key of the certificate');
  }
  if (!isSignedBy(certificate, { between, authorities, now })) {
    throw new CertificateError('certFile', 'is not signed by a valid authority of the CA file');
  }
  const identity = parseIdentity(certificate.subjectAltName);
  if (!identity) throw new CertificateError('certFile', 'has not exactly one URI spiffe://<trust domain>/…/sa/<name>');
  assertAccepted(pems);
  const { serialNumber } = certificate;
  return { pems, identity, serialNumber, expiresAt: certificate.validToDate.getTime() };
}

function parseKey(pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new CertificateError('keyFile', 'holds no private key in clear', { cause: error });
  }
}

function assertInTime(certificate: X509Certificate, now: number): void {
  if (now < certificate.validFromDate.getTime()) throw new CertificateError('certFile', 'is not valid yet');
  if (now >= certificate.validToDate.getTime()) throw new CertificateError('certFile', 'has expired');
}

// OpenSSL has rules of its own, such as the length of keys.
function assertAccepted({ certFile: cert, keyFile: key, caFile: ca }: Pems): void {
  try {
    createSecureContext({ cert, key, ca });
  } catch (error) {
    throw new CertificateError('certFile', 'is refused by OpenSSL', { cause: error });
  }
}
