import { type DescMethod, setExtension } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { accessRuleOf, declaredReasonsOf, errorReasons, reasonsOf, restOptionsOf, services } from '@mawid/contracts';
import { reasons } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { routeRulesOf } from '../rest/http-rule.ts';
import { buildDocument } from './document.ts';
import { toJsonText, toYamlText } from './document-text.ts';
import type { Part, Schema } from './types.ts';

const sources = { services, accessRuleOf, restOptionsOf };
const document = buildDocument(sources);
const schemas = document.components.schemas as Readonly<Record<string, Schema>>;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, method, operation })),
);

function operationOf(name: string) {
  const found = operations.find((each) => each.name === name)?.operation;
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function propertiesOf(name: string): Readonly<Record<string, Schema>> {
  return (schemas[name]?.properties ?? {}) as Record<string, Schema>;
}

function createValidator() {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);
  ajv.addSchema(JSON.parse(JSON.stringify(document)) as object, 'api');
  return ajv;
}

/** The responses of an operation, references followed. */
function responsesOf(operation: Part): [string, Part][] {
  const shared = document.components.responses as Readonly<Record<string, Part>>;
  return Object.entries(operation.responses as Readonly<Record<string, Part>>).map(([status, response]) => {
    const name = response.$ref?.toString().split('/').at(-1);
    return [status, name === undefined ? response : (shared[name] ?? {})];
  });
}

describe('the OpenAPI document', () => {
  it('has every route of the protos, each with an id of its own', () => {
    const routed = services
      .flatMap((service) => service.methods)
      .flatMap((method) => (accessRuleOf(method)?.services.length ? [] : routeRulesOf(method)))
      .map(({ httpMethod, path }) => `${httpMethod} ${path}`);
    expect(operations.map(({ name }) => name).sort()).toEqual(routed.sort());
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it('is the same each time, and the same as YAML', () => {
    expect(toJsonText(buildDocument(sources))).toBe(toJsonText(document));
    expect(parse(toYamlText(document))).toEqual(JSON.parse(toJsonText(document)));
  });

  it('shows of services only what they serve over REST', () => {
    expect(toJsonText(document)).not.toMatch(/GetBookingState|BootstrapAdmin|BookingInternal/);
  });

  it('refers only to what it has', () => {
    const refs = [...toJsonText(document).matchAll(/"\$ref": "#\/components\/(\w+)\/(\w[\w-]*)"/g)];
    expect(refs.length).toBeGreaterThan(500);
    for (const [, kind = '', name = ''] of refs) {
      expect([kind, name, document.components[kind]?.[name] !== undefined]).toEqual([kind, name, true]);
    }
  });

  it('has a text for every operation, field and value', () => {
    for (const { name, operation } of operations) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].+[^.]$/)]);
    }
    for (const [name, { properties = {} }] of Object.entries(schemas)) {
      for (const [field, schema] of Object.entries(properties as Record<string, Schema>)) {
        expect([name, field, schema.description]).toEqual([name, field, expect.stringMatching(/\w/)]);
      }
    }
  });

  it('has an example for every body, parameter and refusal, and each follows its schema', () => {
    const ajv = createValidator();
    const check = (name: string, schema: unknown, example: unknown) => {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
      const validate = ajv.compile(JSON.parse(text) as object);
      expect([name, example, validate(example), validate.errors]).toEqual([name, expect.anything(), true, null]);
    };
    for (const { name, operation } of operations) {
      const bodies = [operation.requestBody as Part | undefined, ...responsesOf(operation).map(([, each]) => each)];
      for (const content of bodies.flatMap((each) => Object.values((each?.content ?? {}) as Record<string, Part>))) {
        const examples = Object.values((content.examples ?? {}) as Record<string, Part>).map((each) => each.value);
        for (const each of [...(content.example === undefined ? [] : [content.example]), ...examples]) {
          check(name, content.schema, each);
        }
        expect([name, content.example !== undefined || examples.length > 0]).toEqual([name, true]);
      }
      for (const parameter of (operation.parameters as Part[]).filter((each) => each.$ref === undefined)) {
        const [inside] = ((parameter.schema as Schema).examples ?? []) as unknown[];
        check(`${name} ${parameter.name}`, parameter.schema, parameter.required ? parameter.example : inside);
      }
    }
  });

  it('puts nothing into the forms for parameters that may be left out', () => {
    const shared = Object.values(document.components.parameters as Readonly<Record<string, Part>>);
    const all = [...shared, ...operations.flatMap(({ operation }) => operation.parameters as Part[])];
    const optional = all.filter((each) => each.required === false);
    expect(optional.length).toBeGreaterThan(10);
    expect(optional.filter((each) => 'example' in each)).toEqual([]);
  });

  it('begins with signing in and ends with what only admins do', () => {
    const names = document.tags.map(({ name }) => name);
    expect([names[0], names.at(-1)]).toEqual(['Auth', 'Admin']);
  });

  it('speaks of operations, not of messages and RPCs', () => {
    expect(schemas.CreateBookingRequest?.description).toBe('What `createBooking` takes.');
    expect(schemas.ListSalonsResponse?.description).toBe('What `listSalons` answers.');
    const names = services
      .flatMap(({ methods }) => methods.map(({ name }) => name))
      .filter((name) => /.[A-Z]/.test(name));
    expect(toJsonText(document)).not.toMatch(new RegExp(`Request of|Response of|\\b(?:${names.join('|')})\\b`));
  });
});

describe('the refusals of a route', () => {
  it('are known by name, or there is no document', () => {
    const method = services.flatMap((service) => service.methods).find(({ name }) => name === 'CreateBooking');
    const options = method?.proto.options;
    if (options === undefined) throw new Error('there is no CreateBooking');
    const declared = declaredReasonsOf(method as DescMethod);
    setExtension(options, reasons, [...declared, 'SLOT_TAKEN_TWICE']);
    try {
      expect(() => buildDocument(sources)).toThrow(
        /mawid\/booking\/v1\/booking_service\.proto:\d+ \S+\.CreateBooking: no errors\.proto has the reason SLOT_TAKEN_TWICE/,
      );
    } finally {
      setExtension(options, reasons, [...declared]);
    }
  });

  it('are all that its method can have, by status, with both texts and an example', () => {
    const responses = new Map(responsesOf(operationOf('POST /api/bookings')));
    const conflict = responses.get('409');
    expect(conflict?.['x-mawid-codes']).toEqual([
      ...['SLOT_TAKEN', 'RESOURCE_BUSY', 'TOO_MANY_OPEN_BOOKINGS', 'BOOKING_ID_USED', 'IDEMPOTENCY_IN_PROGRESS'],
    ]);
    // Waiting helps for one of them only.
    expect(conflict?.headers).toMatchObject({ 'Retry-After': { required: false } });
    expect(conflict?.description).toContain(errorReasons().get('SLOT_TAKEN')?.en);
    expect(conflict?.description).toContain(errorReasons().get('SLOT_TAKEN')?.ar);
    expect(JSON.stringify(conflict?.content)).toContain('"code":"SLOT_TAKEN"');
    expect([...responses.keys()]).toEqual(expect.arrayContaining(['201', '400', '401', '404', '413', '415', '422']));
  });

  it('leave nothing out', () => {
    for (const method of services.flatMap((service) => service.methods)) {
      const operation = operations.find(({ operation: each }) => each.operationId === method.localName)?.operation;
      if (operation === undefined) continue;
      const codes = responsesOf(operation).flatMap(([, each]) => (each['x-mawid-codes'] ?? []) as string[]);
      const missing = [...reasonsOf(method)].filter((reason) => !codes.includes(reason));
      expect([method.name, missing]).toEqual([method.name, ['CANCELLED', 'UNIMPLEMENTED']]);
    }
  });
});

describe('access and headers of a route', () => {
  it.each([
    ['POST /api/bookings', [{ accessToken: [] }]],
    ['GET /api/salons', [{}, { accessToken: [] }]],
    ['POST /api/auth/phone/request', [{}]],
    ['POST /api/admin/users/role', [{ adminAccessToken: [] }]],
  ])('of %s', (name, security) => {
    expect(operationOf(name).security).toEqual(security);
  });

  it.each([
    ['POST /api/bookings', ['AcceptLanguage', 'RequestId', 'IdempotencyKey']],
    ['POST /api/bookings/{booking_id}/cancel', ['AcceptLanguage', 'RequestId', 'IdempotencyKey', 'IfMatch']],
    ['PATCH /api/salons/{salon_id}', ['AcceptLanguage', 'RequestId', 'IfMatch']],
    ['POST /api/salons/{salon_id}/publish', ['AcceptLanguage', 'RequestId', 'IfMatch']],
    ['DELETE /api/services/{service_id}', ['AcceptLanguage', 'RequestId', 'IfMatch']],
    ['PUT /api/salons/{salon_id}/hours', ['AcceptLanguage', 'RequestId', 'IfMatch']],
    ['GET /api/auth/me', ['AcceptLanguage', 'RequestId', 'DeviceId']],
  ])('that %s takes', (name, headers) => {
    const refs = (operationOf(name).parameters as Part[]).flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref]));
    expect(refs).toEqual(headers.map((each) => `#/components/parameters/${each}`));
  });

  it('names the public address where it is https, and its own origin elsewhere', () => {
    const serverAt = (publicUrl?: string) => buildDocument({ ...sources, publicUrl }).servers[0]?.url;
    expect(serverAt()).toBe('/');
    expect(serverAt('http://127.0.0.1:8080')).toBe('/');
    expect(serverAt('https://api.mawid.sa/')).toBe('https://api.mawid.sa');
  });
});

describe('schemas', () => {
  it('close what is sent, but not to the paths of the old backend, and leave answers open', () => {
    expect(schemas.CreateBookingRequest?.additionalProperties).toBe(false);
    expect(schemas.RequestedItemInput?.additionalProperties).toBe(false);
    expect(schemas.RegisterRequest?.additionalProperties).toBeUndefined();
    expect(schemas.Booking?.additionalProperties).toBeUndefined();
  });

  it('leave out of the body what the path says', () => {
    expect(Object.keys(schemas.CancelBookingRequest?.properties as object)).toEqual(['reason', 'preview_id']);
    expect(operationOf('POST /api/salons/{salon_id}/publish').requestBody).toBeUndefined();
  });

  it('carry the rules of the protos', () => {
    const { items, customer_note, booking_id } = propertiesOf('CreateBookingRequest');
    expect(items).toMatchObject({ type: 'array', minItems: 1, maxItems: 10 });
    expect(customer_note).toMatchObject({ type: 'string', maxLength: 500 });
    expect(booking_id).toMatchObject({ format: 'uuid' });
    expect(schemas.CreateBookingRequest?.required).toEqual(['salon_id', 'items', 'start_at']);
    expect(schemas.WeeklyWindowInput?.required).toEqual(['day', 'opens', 'closes']);
    expect(schemas.MoneyInput?.required).toEqual(['currency']);
    expect(schemas.UpdateSalonRequest?.required).toBeUndefined();
    const { price, audience } = propertiesOf('CreateServiceRequest');
    expect(price?.description).toContain('Must be between 0 and 100,000.00 riyals, in SAR.');
    expect(audience).toMatchObject({ $ref: '#/components/schemas/Audience' });
    const salonAudience = propertiesOf('CreateSalonRequest').audience;
    expect(salonAudience).toMatchObject({ enum: ['ladies', 'men', 'everyone'] });
  });

  it('are of our JSON profile', () => {
    expect(schemas.BookingState).toMatchObject({ enum: expect.arrayContaining(['held', 'confirmed']) });
    expect(schemas.Money?.properties).toMatchObject({
      amount: { type: 'integer', format: 'int64', maximum: 2 ** 53 - 1 },
      currency: { pattern: '^[A-Z]{3}$' },
    });
    expect(schemas.Booking?.properties).toMatchObject({ start_at: { type: 'string', format: 'date-time' } });
  });
});
