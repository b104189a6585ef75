import { createClient } from '@connectrpc/connect';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { createGrpcTransport } from '@mawid/rpc';
import { clientInterceptors, startTelemetry } from '@mawid/service-kit';

/** Makes the phone number an admin, as the peer `ops`. `address` is the gRPC address of identity. */
export async function bootstrapAdmin(
  address: string,
  phoneNumber: string,
): Promise<{ id: string; phoneNumber: string }> {
  const telemetry = startTelemetry({ service: 'ops' });
  const transport = createGrpcTransport(address, { interceptors: clientInterceptors({ peer: 'ops', telemetry }) });
  try {
    const user = await createClient(AdminService, transport).bootstrapAdmin({ phoneNumber });
    return { id: user.id, phoneNumber: user.phoneNumber };
  } finally {
    transport.close();
    await telemetry.shutdown();
  }
}
