/** Where certificates come from: PEM files, which may be replaced at any time. */
export interface CertificateFiles {
  /** The process' own certificate, followed by those between it and the authority. */
  readonly certFile: string;
  /** The private key of the first certificate, not encrypted. */
  readonly keyFile: string;
  /** The authorities that are trusted, one or more: old and new while they change. */
  readonly caFile: string;
}

/** The files cannot be used. Says which one is to blame, and no content of it. */
export class CertificateError extends Error {
  readonly part: keyof CertificateFiles;

  constructor(part: keyof CertificateFiles, problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'CertificateError';
    this.part = part;
  }
}
