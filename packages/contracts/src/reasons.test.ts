import { describe, expect, it } from '@jest/globals';
import { declaredReasonsOf, errorReasons, reasonsOf, services } from './index.ts';

const methods = services.flatMap((service) => service.methods);
const named = (method: (typeof methods)[number]) => `${method.parent.typeName}.${method.name}`;

describe('the reasons of methods', () => {
  it('all exist in some errors.proto, each named once', () => {
    for (const method of methods) {
      const declared = declaredReasonsOf(method);
      const unknown = declared.filter((reason) => !errorReasons().has(reason));
      expect([named(method), unknown, new Set(declared).size]).toEqual([named(method), [], declared.length]);
    }
  });

  it('leave out what any method can be refused for', () => {
    const usual = ['VALIDATION_FAILED', 'MALFORMED_REQUEST', 'RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL'];
    for (const method of methods) {
      const again = declaredReasonsOf(method).filter((reason) => usual.includes(reason));
      expect([named(method), again]).toEqual([named(method), []]);
    }
  });

  it('follow from the access rule as well', () => {
    const find = (name: string) => methods.find((method) => method.name === name) as (typeof methods)[number];
    expect(reasonsOf(find('GetSalon')).has('UNAUTHENTICATED')).toBe(false);
    expect(reasonsOf(find('GetBooking')).has('UNAUTHENTICATED')).toBe(true);
    expect(reasonsOf(find('GetBooking')).has('PERMISSION_DENIED')).toBe(false);
    expect(reasonsOf(find('CreateSalon')).has('PERMISSION_DENIED')).toBe(true);
    expect(reasonsOf(find('CreateBooking')).has('SLOT_TAKEN')).toBe(true);
  });
});
