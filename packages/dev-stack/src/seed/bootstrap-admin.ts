import { createClient } from '@connectrpc/connect';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { type CertificateFiles, createGrpcTransport, openCertificates } from '@mawid/rpc';
import { clientInterceptors, startTelemetry } from '@mawid/service-kit';

/** Makes the phone number an admin, as the peer `ops`: over mutual TLS with its files. `address` is the gRPC address of identity. */
export async function bootstrapAdmin(
  address: string,
  phoneNumber: string,
  files?: CertificateFiles | undefined,
): Promise<{ id: string; phoneNumber: string }> {
  const telemetry = startTelemetry({ service: 'ops' });
  const certificates = files && openCertificates(files, { name: 'ops' });
  const interceptors = clientInterceptors({ peer: 'ops', telemetry });
  const transport = createGrpcTransport(address, { interceptors, certificates });
  try {
    const user = await createClient(AdminService, transport).bootstrapAdmin({ phoneNumber });
    return { id: user.id, phoneNumber: user.phoneNumber };
  } finally {
    transport.close();
    certificates?.close();
    await telemetry.shutdown();
  }
}
