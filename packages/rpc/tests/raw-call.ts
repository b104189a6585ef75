import { Client, credentials, type ServiceError } from '@grpc/grpc-js';

function bytes(value: Buffer): Buffer {
  return value;
}

/** A unary call of the echo service by grpc-js alone, in bytes: its answer or its error. */
export async function rawCall(port: number, method: string, request: Buffer): Promise<Buffer | ServiceError> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const path = `/mawid.rpctest.v1.EchoService/${method}`;
  const result = await new Promise<Buffer | ServiceError>((resolve) => {
    client.makeUnaryRequest(path, bytes, bytes, request, (error, answer) =>
      resolve(error ?? answer ?? Buffer.alloc(0)),
    );
  });
  client.close();
  return result;
}
