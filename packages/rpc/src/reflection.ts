import type { DescService } from '@bufbuild/protobuf';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import { file_google_rpc_error_details } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import type { ServerReflection, ServerReflectionRequest } from './gen/grpc/reflection/v1/reflection_pb.js';
import type { ServerReflection as ServerReflectionAlpha } from './gen/grpc/reflection/v1alpha/reflection_pb.js';
import { createReflectionIndex, type ReflectionIndex } from './reflection-index.ts';

/** The part of a request that v1 and v1alpha have in common, which is all but the type's name. */
type Request = Pick<ServerReflectionRequest, 'host' | 'messageRequest'>;

export interface ReflectionService {
  readonly v1: ServiceImpl<typeof ServerReflection>;
  readonly v1alpha: ServiceImpl<typeof ServerReflectionAlpha>;
}

/** Server reflection for the given services: v1, and v1alpha for older tools. Unknown names answer NOT_FOUND inside. */
export function createReflection(services: readonly DescService[]): ReflectionService {
  // The details of errors are in no service's file.
  const index = createReflectionIndex(services, [file_google_rpc_error_details]);
  return {
    v1: {
      async *serverReflectionInfo(requests) {
        for await (const request of requests) {
          yield { validHost: request.host, originalRequest: request, messageResponse: answer(index, request) };
        }
      },
    },
    v1alpha: {
      async *serverReflectionInfo(requests) {
        for await (const request of requests) {
          const messageResponse = answer(index, request as Request);
          yield { validHost: request.host, originalRequest: request, messageResponse };
        }
      },
    },
  };
}

function answer(index: ReflectionIndex, { messageRequest: asked }: Request): PlainResponse {
  switch (asked.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: index.services().map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(index.fileByName(asked.value), asked.value);
    case 'fileContainingSymbol':
      return files(index.fileBySymbol(asked.value), asked.value);
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = asked.value;
      return files(index.fileByExtension(containingType, extensionNumber), `${containingType} ${extensionNumber}`);
    }
    case 'allExtensionNumbersOfType': {
      const extensionNumber = index.extensionNumbers(asked.value);
      if (extensionNumber === undefined) return notFound(asked.value);
      return { case: 'allExtensionNumbersResponse', value: { baseTypeName: asked.value, extensionNumber } };
    }
    default:
      return { case: 'errorResponse', value: { errorCode: Code.InvalidArgument, errorMessage: 'nothing was asked' } };
  }
}

/** Without type names, so that it fits both versions. */
type PlainResponse =
  | { case: 'listServicesResponse'; value: { service: { name: string }[] } }
  | { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: 'allExtensionNumbersResponse'; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } };

function files(fileDescriptorProto: Uint8Array[] | undefined, name: string): PlainResponse {
  if (fileDescriptorProto === undefined) return notFound(name);
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function notFound(name: string): PlainResponse {
  return { case: 'errorResponse', value: { errorCode: Code.NotFound, errorMessage: `${name} is not known here` } };
}
