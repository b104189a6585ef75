import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, createClient } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ServerReflection, type ServerReflectionResponse } from '../src/gen/grpc/reflection/v1/reflection_pb.js';
import { ServerReflection as ServerReflectionAlpha } from '../src/gen/grpc/reflection/v1alpha/reflection_pb.js';
import { createGrpcTransport } from '../src/index.ts';
import { allOf, echoRoutes, itemsOf } from './echo-service.ts';
import { closeAll, serveGrpc } from './fixture.ts';

afterEach(closeAll);

type Asked = {
  case: 'listServices' | 'fileByFilename' | 'fileContainingSymbol' | 'allExtensionNumbersOfType';
  value: string;
};

async function ask(version: 'v1' | 'v1alpha', ...asked: Asked[]) {
  const transport = createGrpcTransport(`127.0.0.1:${(await serveGrpc({ routes: echoRoutes() })).port}`);
  const requests = itemsOf(...asked.map((messageRequest) => ({ host: 'here', messageRequest })));
  const answers =
    version === 'v1'
      ? await allOf(createClient(ServerReflection, transport).serverReflectionInfo(requests))
      : await allOf(createClient(ServerReflectionAlpha, transport).serverReflectionInfo(requests));
  transport.close();
  return answers.map((answer) => answer.messageResponse as ServerReflectionResponse['messageResponse']);
}

function namesOf(response: ServerReflectionResponse['messageResponse'] | undefined): string[] {
  if (response?.case !== 'fileDescriptorResponse') throw new Error(`no files but ${response?.case}`);
  return response.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

describe.each(['v1', 'v1alpha'] as const)('reflection %s', (version) => {
  it('lists the services, itself and health included', async () => {
    const [answer] = await ask(version, { case: 'listServices', value: '*' });
    if (answer?.case !== 'listServicesResponse') throw new Error('no list');
    expect(answer.value.service.map((service) => service.name)).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'mawid.rpctest.v1.EchoService',
    ]);
  });

  it('finds the file of a service, a method, a message, a field and a name', async () => {
    const answers = await ask(
      version,
      { case: 'fileContainingSymbol', value: 'mawid.rpctest.v1.EchoService' },
      { case: 'fileContainingSymbol', value: 'mawid.rpctest.v1.EchoService.Chat' },
      { case: 'fileContainingSymbol', value: 'mawid.rpctest.v1.Complaint' },
      { case: 'fileContainingSymbol', value: 'mawid.rpctest.v1.Complaint.about' },
      { case: 'fileByFilename', value: 'echo.proto' },
    );
    expect(answers.map(namesOf)).toEqual(Array(5).fill(['echo.proto']));
  });

  it('says what it does not know, and goes on', async () => {
    const answers = await ask(
      version,
      { case: 'fileContainingSymbol', value: 'mawid.rpctest.v1.EchoService.Nothing' },
      { case: 'fileByFilename', value: 'nothing.proto' },
      { case: 'allExtensionNumbersOfType', value: 'no.Message' },
      { case: 'allExtensionNumbersOfType', value: 'mawid.rpctest.v1.Complaint' },
    );
    expect(answers.slice(0, 3).map((answer) => answer?.case === 'errorResponse' && answer.value.errorCode)).toEqual(
      Array(3).fill(Code.NotFound),
    );
    expect(answers[3]?.case).toBe('allExtensionNumbersResponse');
  });
});
