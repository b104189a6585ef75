import { type Client, createClient } from '@connectrpc/connect';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { type CertificateFiles, createGrpcTransport, openCertificates } from '@mawid/rpc';
import { clientInterceptors, startTelemetry } from '@mawid/service-kit';

/** Where identity is, and how one proves to be `ops` there. */
export interface OperatorAccess {
  /** The gRPC address of identity. */
  address: string;
  /** Files of the certificate, where identity speaks mutual TLS. */
  files?: CertificateFiles | undefined;
}

/** Calls identity as the peer `ops`. */
export async function asOperator<T>(
  { address, files }: OperatorAccess,
  work: (admin: Client<typeof AdminService>) => Promise<T>,
): Promise<T> {
  const telemetry = startTelemetry({ service: 'ops' });
  const certificates = files && openCertificates(files, { name: 'ops' });
  const interceptors = clientInterceptors({ peer: 'ops', telemetry });
  const transport = createGrpcTransport(address, { interceptors, certificates });
  try {
    return await work(createClient(AdminService, transport));
  } finally {
    transport.close();
    certificates?.close();
    await telemetry.shutdown();
  }
}
