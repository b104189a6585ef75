import { describe, expect, it } from '@jest/globals';
import { parsePhoneNumber, prefixOf } from './phone-number.ts';

describe('parsePhoneNumber', () => {
  it.each([
    ['0512345678'],
    ['512345678'],
    ['966512345678'],
    ['00966512345678'],
    ['+966512345678'],
    ['+966 51 234 5678'],
    ['+966-51-234-5678'],
    ['(051) 234-5678'],
    ['+966.51.234.5678'],
    ['+9660512345678'],
    ['009660512345678'],
    ['٠٥١٢٣٤٥٦٧٨'],
    ['+٩٦٦٥١٢٣٤٥٦٧٨'],
    ['۰۵۱۲۳۴۵۶۷۸'],
    ['０５１２３４５６７８'],
    ['＋966512345678'],
    ['\u202a+966 51 234 5678\u202c'],
    ['\u200f+966\u00a051\u00a0234\u00a05678'],
    ['+966‑51‑234‑5678'],
    ['  0512345678\n'],
  ])('O13: reads %j as one Saudi mobile', (text) => {
    expect(parsePhoneNumber(text)).toEqual({ e164: '+966512345678', country: 'SA', dialCode: '966' });
  });

  it.each([['+966521234567'], ['0579912345'], ['+966500000001']])(
    'accepts the Saudi mobile %s whatever the tables say',
    (text) => {
      expect(parsePhoneNumber(text)?.e164).toMatch(/^\+9665\d{8}$/);
    },
  );

  it.each([
    ['+971501234567', 'AE', '+971501234567', '971'],
    ['00971 50 123 4567', 'AE', '+971501234567', '971'],
    ['+971 050 123 4567', 'AE', '+971501234567', '971'],
    ['+973 3312 3456', 'BH', '+97333123456', '973'],
    ['+974 5512 3456', 'QA', '+97455123456', '974'],
    ['+4915112345678', 'DE', '+4915112345678', '49'],
    ['+1 415 555 2671', 'US', '+14155552671', '1'],
  ])('reads %s of another country', (text, country, e164, dialCode) => {
    expect(parsePhoneNumber(text)).toEqual({ e164, country, dialCode });
  });

  it.each([
    ['', 'nothing'],
    ['abc', 'letters'],
    ['+', 'a plus alone'],
    ['12345', 'a short number'],
    ['051234567', 'a digit too few'],
    ['05123456789', 'a digit too many'],
    ['+966112345678', 'a Saudi landline'],
    ['+966920001234', 'a Saudi shared-cost number'],
    ['+9668001234567', 'a Saudi toll-free number'],
    ['+966700123456', 'a Saudi premium number'],
    ['+966811123456', 'a Saudi number of a machine'],
    ['+18005551234', 'a toll-free number'],
    ['+19005551234', 'a premium number'],
    ['+447012345678', 'a forwarding number that costs'],
    ['+447600123456', 'a pager'],
    ['+448431234567', 'a British shared-cost number'],
    ['+97160012345', 'an Emirati shared-cost number'],
    ['+971200', 'a short code behind a country'],
    ['911', 'an emergency number'],
    ['+966937', 'a Saudi short code'],
    ['+448001111111', 'a British toll-free number'],
    ['971501234567', 'a foreign number without its plus'],
    ['+1-800-FLOWERS', 'a word'],
    ['+966512345678;ext=5', 'an extension'],
    ['+966512345678 x5', 'an extension in words'],
    ['++966512345678', 'two plus signs'],
    ['+000512345678', 'a country that cannot be'],
    [`+9665${'1'.repeat(60)}`, 'far too many digits'],
  ])('O13: refuses %j: %s', (text) => {
    expect(parsePhoneNumber(text)).toBeUndefined();
  });
});

describe('prefixOf', () => {
  it('leaves the last four digits out', () => {
    expect(prefixOf('+966512345678')).toBe('+96651234');
  });
});
