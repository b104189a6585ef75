import type { DescMethod } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { restOptionsOf, services } from '@mawid/contracts';
import { RateClass } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { rateClassOf } from './rate-class.ts';

describe('rateClassOf', () => {
  it.each([
    [undefined, 'GET', 'read'],
    [undefined, 'POST', 'write'],
    [undefined, 'DELETE', 'write'],
    [RateClass.UNSPECIFIED, 'GET', 'read'],
    [RateClass.READ, 'POST', 'read'],
    [RateClass.SPEND, 'POST', 'spend'],
    [RateClass.SIGN_IN, 'POST', 'sign-in'],
    [RateClass.PROVIDER, 'POST', 'provider'],
  ])('of %s and %s is %s', (declared, method, expected) => {
    expect(rateClassOf(declared, method)).toBe(expected);
  });

  it('is "spend" for every method of the contract that sends a text or moves money', () => {
    const methods: DescMethod[] = services.flatMap((service) => service.methods);
    const spending = methods.filter((method) => restOptionsOf(method)?.rateClass === RateClass.SPEND);
    const names = spending.map((method) => method.name);
    const expected = ['RequestPhoneCode', 'RequestVerificationCode', 'CreatePayment', 'RefundPayment'];
    expect(names).toEqual(expect.arrayContaining(expected));
  });
});
