import { create, createFileRegistry, type DescMessage, type DescMethodUnary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';

// grpc.health.v1, as far as it is asked here: Check for the whole server. Field types are those of google/protobuf/descriptor.proto.
const typeEnum = 14;
const typeString = 9;
const optional = 1;
const serving = 1;

const file = create(FileDescriptorProtoSchema, {
  name: 'grpc/health/v1/health.proto',
  package: 'grpc.health.v1',
  syntax: 'proto3',
  messageType: [
    { name: 'HealthCheckRequest', field: [{ name: 'service', number: 1, type: typeString, label: optional }] },
    {
      name: 'HealthCheckResponse',
      field: [
        {
          name: 'status',
          number: 1,
          type: typeEnum,
          label: optional,
          typeName: '.grpc.health.v1.HealthCheckResponse.ServingStatus',
        },
      ],
      enumType: [
        {
          name: 'ServingStatus',
          value: [
            { name: 'UNKNOWN', number: 0 },
            { name: 'SERVING', number: 1 },
          ],
        },
      ],
    },
  ],
  service: [
    {
      name: 'Health',
      method: [
        {
          name: 'Check',
          inputType: '.grpc.health.v1.HealthCheckRequest',
          outputType: '.grpc.health.v1.HealthCheckResponse',
        },
      ],
    },
  ],
});

const registry = createFileRegistry(file, () => undefined);
const request = registry.getMessage('grpc.health.v1.HealthCheckRequest') as DescMessage;
const check = registry.getService('grpc.health.v1.Health')?.method.check as DescMethodUnary;

/** Whether the server behind a transport says that it serves. Never rejects: not being reached is an answer. */
export async function isServing(transport: Transport, timeoutMs: number): Promise<boolean> {
  try {
    const { message } = await transport.unary(check, undefined, timeoutMs, undefined, create(request), undefined);
    return (message as unknown as { status: number }).status === serving;
  } catch {
    return false;
  }
}
