import {
  type CertificateFiles,
  type CertificateOptions,
  type Certificates,
  createGrpcTransport,
  type GrpcServerOptions,
  type GrpcTransportOptions,
  openCertificates,
  startGrpcServer,
} from '../../src/index.ts';
import {
  type CertificateAuthority,
  type CertificateRequest,
  createCertificateAuthority,
  createSecretFolder,
  type SecretFolder,
} from '../../src/testing/index.ts';
import { closeLater } from '../fixture.ts';

/** Files of a certificate that `authority` issues; forgotten at the end of the test. */
export async function issueTo(
  authority: CertificateAuthority,
  request: CertificateRequest = {},
  trusted = authority.pem,
): Promise<SecretFolder & { serialNumber: string }> {
  const issued = authority.issue(request);
  const folder = await createSecretFolder(issued, trusted);
  closeLater(() => folder.remove());
  return { ...folder, serialNumber: issued.serialNumber };
}

/** Certificates of files, closed at the end of the test. Changes are seen within a tenth of a second. */
export function open(files: CertificateFiles, options: CertificateOptions = {}): Certificates {
  const certificates = openCertificates(files, options);
  closeLater(() => certificates.close());
  return certificates;
}

/** An authority, and the certificates of `name` that it has signed. */
export async function certify(name: string, authority?: CertificateAuthority) {
  const signer = authority ?? createCertificateAuthority();
  const folder = await issueTo(signer, { name });
  return { authority: signer, folder, certificates: open(folder.files) };
}

/** A gRPC server on a free port that is closed at the end of the test. */
export async function serve(options: GrpcServerOptions) {
  const server = await startGrpcServer(options, { host: '127.0.0.1', port: 0 });
  closeLater(() => server.close());
  return server;
}

/** A transport that is closed at the end of the test. */
export function dialTo(port: number, options: GrpcTransportOptions) {
  const transport = createGrpcTransport(`127.0.0.1:${port}`, options);
  closeLater(() => transport.close());
  return transport;
}
