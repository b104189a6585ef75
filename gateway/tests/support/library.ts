import { create, createRegistry, type MessageInitShape } from '@bufbuild/protobuf';
import { type Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { AccessRuleSchema, RestOptionsSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import type { RouteSources } from '../../src/rest/routes.ts';
import { file_gateway_test_v1_kinds } from '../gen/gateway/test/v1/kinds_pb.js';
import {
  type Book,
  BookSchema,
  type FailRequest,
  file_gateway_test_v1_library_service,
  LibraryService,
} from '../gen/gateway/test/v1/library_service_pb.js';

const rules: Record<string, object> = { Manage: { roles: ['admin'] }, WhoAmI: { signedIn: true } };

/** The test API's routes, with access rules by name: everything is public but Manage and WhoAmI. */
export const librarySources: RouteSources = {
  services: [LibraryService],
  registry: createRegistry(file_gateway_test_v1_kinds, file_gateway_test_v1_library_service),
  accessRuleOf: (method) => create(AccessRuleSchema, rules[method.name] ?? { public: true }),
  restOptionsOf: (method) =>
    method.name === 'CreateBook' ? create(RestOptionsSchema, { successStatus: 201 }) : undefined,
};

/** What the last waiting call saw of its end. */
export const seen: { cancelled: boolean; waiting: boolean } = { cancelled: false, waiting: false };

/** Handlers that answer with what they got. */
export const library: ServiceImpl<typeof LibraryService> = {
  createBook: ({ shelfId, book }, context) => {
    context.responseHeader.set('idempotency-replayed', 'true');
    context.responseHeader.set('x-inner-secret', 'never shown');
    return toBook(book, { shelfId, etag: 'v1' });
  },
  getBook: ({ bookId, shelfId }) => ({ bookId, shelfId }),
  getNewest: () => ({ bookId: 'newest', etag: 'n1' }),
  listBooks: (request) => ({ books: [], nextPageToken: '', request }),
  listTitles: () => ({ titles: ['One', 'Two'] }),
  updateBook: ({ book, updateMask }) => toBook(book, { note: updateMask?.paths.join(',') ?? 'no mask' }),
  archiveBook: ({ bookId, reason }) => ({ bookId, title: `archived: ${reason}` }),
  cancelBook: ({ bookId, reason }) => ({ bookId, title: `cancelled: ${reason}` }),
  deleteBook: () => ({}),
  echoKinds: (request) => request,
  echoLenient: (request) => request,
  getFile: ({ name }) => ({ contentType: 'text/csv', data: new TextEncoder().encode(`file,${name}\n`) }),
  getFileInfo: (request) => request,
  receiveHook: ({ provider, payload }) => ({
    provider,
    contentType: payload?.contentType ?? '',
    size: BigInt(payload?.data.length ?? 0),
  }),
  upload: (request) => request,
  purge: () => ({}),
  fail,
  whoAmI: (_, context) => ({ headers: headersOf(context) }),
  manage: () => ({}),
  wait: ({ milliseconds }, context) => wait(milliseconds, context),
  // Streams have no REST form here.
  async *watchBooks() {},
  internal: () => ({}),
};

function toBook(given: Book | undefined, changes: MessageInitShape<typeof BookSchema>): Book {
  return Object.assign(given ?? create(BookSchema), changes);
}

function headersOf({ requestHeader }: HandlerContext): Record<string, string> {
  return Object.fromEntries(requestHeader.entries());
}

async function wait(milliseconds: number, { signal }: HandlerContext): Promise<object> {
  seen.waiting = true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      seen.cancelled = true;
      clearTimeout(timer);
      resolve();
    });
  });
  return {};
}

function fail({ code, reason, metadata, fields, retryAfterSeconds, message }: FailRequest): never {
  if (code === 0) throw new Error(message);
  const error = new ConnectError(message, code as Code);
  if (reason !== '') error.details.push({ desc: ErrorInfoSchema, value: { reason, domain: 'mawid', metadata } });
  const fieldViolations = Object.entries(fields).map(([field, rule]) => ({ field, reason: rule, description: '' }));
  if (fieldViolations.length > 0) error.details.push({ desc: BadRequestSchema, value: { fieldViolations } });
  if (retryAfterSeconds > 0) {
    error.details.push({ desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(retryAfterSeconds) } } });
  }
  throw error;
}
