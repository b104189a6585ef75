import { clone, create, createFileRegistry, createRegistry, type DescFile, type DescService } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, SourceCodeInfo_LocationSchema, SourceCodeInfoSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { accessRuleOf, registry, restOptionsOf, services } from '@mawid/contracts';
import { AccessRuleSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { RouteError } from '../src/rest/boot-error.ts';
import { compileRoutes, type RouteSources } from '../src/rest/routes.ts';
import * as broken from './gen/gateway/test/v1/broken_services_pb.js';

function sources(
  service: DescService,
  accessRule: RouteSources['accessRuleOf'] = () => create(AccessRuleSchema, { public: true }),
): RouteSources {
  return { services: [service], registry: createRegistry(), accessRuleOf: accessRule, restOptionsOf: () => undefined };
}

function problemsOf(service: DescService, accessRule?: RouteSources['accessRuleOf']): string {
  try {
    compileRoutes(sources(service, accessRule));
  } catch (error) {
    if (error instanceof RouteError) return error.problems.join('\n');
    throw error;
  }
  return 'none';
}

describe('the boot', () => {
  it('compiles every route of the contract', () => {
    const { bindings } = compileRoutes({ services, registry, accessRuleOf, restOptionsOf });
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
    [broken.Fine, 'none'],
  ])('of %s tells what is wrong', (service, expected) => {
    const problems = problemsOf(service);
    expect(problems).toContain(expected);
    if (expected !== 'none') expect(problems).toContain(`gateway/test/v1/broken_services.proto ${service.typeName}.`);
  });

  it('refuses methods without an access rule, and those for services only', () => {
    expect(problemsOf(broken.Fine, () => undefined)).toContain('needs (mawid.options.v1.access)');
    expect(problemsOf(broken.Fine, () => create(AccessRuleSchema, { services: ['notify'] }))).toContain(
      'for services only',
    );
  });

  it('tells every mistake at once', () => {
    const all = { ...sources(broken.BadTemplate), services: [broken.BadTemplate, broken.UnknownBody, broken.Fine] };
    expect(() => compileRoutes(all)).toThrow(/BadTemplate.*UnknownBody/s);
  });

  it('names the line where the descriptor has source info', () => {
    const service = withSourceInfo(broken.UnknownBody, 41);
    expect(problemsOf(service)).toContain('gateway/test/v1/broken_services.proto:42 gateway.test.v1.UnknownBody.One');
  });
});

function withSourceInfo(service: DescService, line: number): DescService {
  const file = clone(FileDescriptorProtoSchema, service.file.proto);
  const path = [6, service.file.services.indexOf(service), 2, 0];
  const location = create(SourceCodeInfo_LocationSchema, { path, span: [line, 2, 5] });
  file.sourceCodeInfo = create(SourceCodeInfoSchema, { location: [location] });
  const dependencies = new Map<string, DescFile>(service.file.dependencies.map((each) => [`${each.name}.proto`, each]));
  const found = createFileRegistry(file, (name) => dependencies.get(name)?.proto ?? findImport(dependencies, name));
  return found.getService(service.typeName) as DescService;
}

function findImport(files: ReadonlyMap<string, DescFile>, name: string): DescFile['proto'] | undefined {
  for (const file of files.values()) {
    const direct = file.dependencies.find((each) => `${each.name}.proto` === name);
    if (direct !== undefined) return direct.proto;
    const deep = findImport(new Map(file.dependencies.map((each) => [each.name, each])), name);
    if (deep !== undefined) return deep;
  }
  return undefined;
}
