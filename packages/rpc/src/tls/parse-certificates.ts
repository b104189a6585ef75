import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file in their order. Undefined when there is none or one of them is broken: OpenSSL itself
 * takes what it can read and is silent about the rest, so a file that is half written would count.
 */
export function parseCertificates(pem: Buffer): X509Certificate[] | undefined {
  const text = pem.toString('latin1');
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0 || text.split('-----BEGIN').length - 1 !== blocks.length) return undefined;
  try {
    return blocks.map((each) => new X509Certificate(each));
  } catch {
    return undefined;
  }
}

/** True when the certificate is signed, over those between, by one of the authorities up to a root, all valid at `now`. */
export function isSignedBy(
  certificate: X509Certificate,
  { between, authorities, now }: { between: X509Certificate[]; authorities: X509Certificate[]; now: number },
): boolean {
  const known = [...between, ...authorities].filter((each) => each.ca && isValidAt(each, now));
  const roots = known.filter((each) => isIssuer(each, each) && authorities.includes(each));
  let step = [certificate];
  for (let depth = 0; depth <= known.length && step.length > 0; depth++) {
    if (step.some((each) => roots.some((root) => isIssuer(root, each)))) return true;
    step = known.filter((each) => step.some((lower) => lower !== each && isIssuer(each, lower)));
  }
  return false;
}

/** True when `now`, milliseconds, lies in the certificate's time. */
export function isValidAt(certificate: X509Certificate, now: number): boolean {
  return certificate.validFromDate.getTime() <= now && now < certificate.validToDate.getTime();
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
