import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  create,
  createFileRegistry,
  createRegistry,
  type DescMethod,
  type DescService,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { accessRuleOf, registry, restOptionsOf, services, sourceOf } from '@mawid/contracts';
import { AccessRuleSchema, RestOptionsSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { placeOf, RouteError } from '../src/rest/boot-error.ts';
import { compileRoutes, type RouteSources } from '../src/rest/routes.ts';
import * as broken from './gen/gateway/test/v1/broken_services_pb.js';

const file = 'gateway/test/v1/broken_services.proto';

function sources(service: DescService, changes: Partial<RouteSources> = {}): RouteSources {
  return {
    services: [service],
    registry: createRegistry(),
    accessRuleOf: () => create(AccessRuleSchema, { public: true }),
    restOptionsOf: () => undefined,
    ...changes,
  };
}

function problemsOf(service: DescService, changes?: Partial<RouteSources>): string {
  try {
    compileRoutes(sources(service, changes));
  } catch (error) {
    if (error instanceof RouteError) return error.problems.join('\n');
    throw error;
  }
  return 'none';
}

describe('the boot', () => {
  it('compiles every route of the contract', () => {
    const { bindings } = compileRoutes({ services, registry, accessRuleOf, restOptionsOf, sourceOf });
    expect(bindings.length).toBeGreaterThan(20);
    const routes = bindings.map((binding) => `${binding.httpMethod} ${binding.route} ${binding.successStatus}`);
    expect(routes).toContain('POST /api/auth/phone/request 201');
    expect(routes).toContain('GET /api/bookings/{booking_id} 200');
  });

  it.each([
    [
      broken.SameRoute,
      'SameRoute.Two: GET /x/{name} is already the route /x/{thing_id} of gateway/test/v1/broken_services.proto',
    ],
    [broken.SameRouteTwiceInOneMethod, 'GET /x/{name=*}/ is already the route /x/{thing_id}'],
    [broken.UnknownTemplateField, 'gateway.test.v1.Thing has no field "thing"'],
    [broken.NestedUnknownTemplateField, 'gateway.test.v1.Money has no field "size"'],
    [broken.RepeatedTemplateField, '"tags" cannot be taken from a path'],
    [broken.MessageTemplateField, '"price" cannot be taken from a path'],
    [broken.FieldBoundTwice, '"name" is captured twice'],
    [broken.UnknownBody, 'gateway.test.v1.Thing has no field "thing"'],
    [broken.NestedBody, 'body "price.amount" must name a field of the request itself'],
    [broken.BodyOnGet, 'GET /x cannot have a body'],
    [broken.UnknownResponseBody, 'gateway.test.v1.Thing has no field "thing"'],
    [broken.BadTemplate, 'expected "}" at character 9 of "/x/{name"'],
    [broken.DeepWildcardInside, '"**" must be the last segment'],
    [broken.NestedAdditional, 'additional_bindings may not have some of their own'],
    [broken.NoPattern, 'the http rule has no method and path'],
    [broken.ClientStream, 'a method that streams requests has no REST form'],
    [broken.BidiStream, 'a method that streams requests has no REST form'],
    [broken.BodyFromThePath, 'body "name" is taken from the path already'],
    [broken.OneofTwiceInThePath, '"second" and "first" are of one oneof, "one"'],
    [broken.NestedOneofTwiceInThePath, '"third.name" and "first" are of one oneof, "one"'],
    [broken.MapInThePath, '"labels" cannot be taken from a path'],
    [broken.ThroughAScalar, '"name.first" goes through a field that is not a message'],
    [broken.NestedResponseBody, 'response_body "price.amount" must name a field of the response itself'],
    [broken.UnknownMethod, '"JUMP" is not an HTTP method this server can receive'],
    [broken.OwnHead, 'HEAD /x would never be called: HEAD is answered as GET without its body'],
    [broken.OwnOptions, 'OPTIONS /x would never be called'],
    [broken.OwnTunnel, 'CONNECT /x would never be called'],
    [broken.TwiceAnyMethod, '* /x/{thing_id} is already the route /x/{name}'],
    [broken.Fine, 'none'],
  ])('of %s tells what is wrong', (service, expected) => {
    const problems = problemsOf(service);
    expect(problems).toContain(expected);
    if (expected !== 'none') expect(problems).toContain(`${file} ${service.typeName}.`);
  });

  it('refuses methods without an access rule, and those for services only', () => {
    expect(problemsOf(broken.Fine, { accessRuleOf: () => undefined })).toContain('needs (mawid.options.v1.access)');
    expect(
      problemsOf(broken.Fine, { accessRuleOf: () => create(AccessRuleSchema, { services: ['notify'] }) }),
    ).toContain('for services only');
  });

  it('tells every mistake at once', () => {
    const all = { ...sources(broken.BadTemplate), services: [broken.BadTemplate, broken.UnknownBody, broken.Fine] };
    expect(() => compileRoutes(all)).toThrow(/BadTemplate.*UnknownBody/s);
  });

  it('names file and line of every mistake, by the descriptors or by a table beside them', () => {
    const image = fromBinary(FileDescriptorSetSchema, readFileSync(join(import.meta.dirname, 'gen/image.binpb')));
    const withLines = createFileRegistry(image).getService(broken.SeveralMistakes.typeName) as DescService;
    const proto = readFileSync(join(import.meta.dirname, 'proto', file), 'utf8').split('\n');
    const first = proto.findIndex((line) => line.includes('service SeveralMistakes')) + 2;
    const second = proto.findIndex((line, index) => index > first && line.includes('rpc Two')) + 1;
    const at = (line: number, method: string): string => `${file}:${line} gateway.test.v1.SeveralMistakes.${method}: `;
    const expected = [
      `${at(first, 'One')}gateway.test.v1.Thing has no field "thing"`,
      `${at(first, 'One')}"price" cannot be taken from a path: it must be a singular value`,
      `${at(first, 'One')}gateway.test.v1.Thing has no field "nothing"`,
      `${at(first, 'One')}expected "}" at character 9 of "/x/{name"`,
      `${at(first, 'One')}gateway.test.v1.Thing has no field "thing"`,
      `${at(second, 'Two')}"tags" cannot be taken from a path: it must be a singular value`,
    ];
    expect(problemsOf(withLines).split('\n')).toEqual(expected);
    const sourceOf = (method: DescMethod) => ({ line: method.name === 'One' ? first : second });
    expect(problemsOf(broken.SeveralMistakes, { sourceOf }).split('\n')).toEqual(expected);
  });

  it('knows the lines of the contract', () => {
    const method = services.flatMap((each) => each.methods).find((each) => each.name === 'CreateBooking') as DescMethod;
    const text = readFileSync(join(import.meta.dirname, '../../proto', `${method.parent.file.name}.proto`), 'utf8');
    const line = text.split('\n').findIndex((each) => each.includes('rpc CreateBooking(')) + 1;
    expect(placeOf(method, sourceOf)).toBe(
      `${method.parent.file.name}.proto:${line} ${method.parent.typeName}.CreateBooking`,
    );
  });

  it.each([
    [broken.ServerStream, {}, 'none'],
    [broken.ServerStream, { eventIdField: 'thing_id', lastEventIdField: 'name' }, 'none'],
    [broken.ServerStream, { eventIdField: 'id' }, 'event_id_field: gateway.test.v1.Thing has no field "id"'],
    [
      broken.ServerStream,
      { eventIdField: 'tags' },
      'event_id_field: "tags" of gateway.test.v1.Thing is not a text field',
    ],
    [
      broken.ServerStream,
      { lastEventIdField: 'price' },
      'last_event_id_field: "price" of gateway.test.v1.Thing is not',
    ],
    [broken.ServerStream, { successStatus: 201 }, 'a stream is answered with 200'],
    [broken.Download, {}, 'none'],
    [broken.Download, { eventIdField: 'content_type' }, 'a stream of google.api.HttpBody is one download'],
    [broken.Fine, { lastEventIdField: 'name' }, 'only a stream has event_id_field'],
  ])('of %s with the options %j tells %s', (service, rest, expected) => {
    const restOptionsOf = () => create(RestOptionsSchema, rest);
    expect(problemsOf(service, { restOptionsOf })).toContain(expected);
  });
});
