import { describe, expect, it } from '@jest/globals';
import { findSecrets } from './find-secrets.ts';
import { createSeenSecrets } from './seen-secrets.ts';

const jwt = `eyJhbGciOiJFUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(86)}`;
const refresh = `${'Zk3q0-'.repeat(7)}x`;
const device = `md1.${'d'.repeat(22)}.${'m'.repeat(22)}`;

function scan(text: string): string[] {
  const seen = createSeenSecrets();
  seen.codes.add('048213');
  seen.note({ phone_number: '+966512345678', user: { email: 'Sara@Example.com' }, refresh, access: jwt });
  seen.note({ password: 'pass word !', to: ['+97155123456'] });
  return findSecrets(seen, [{ place: 'identity.log:7', text }]);
}

describe('the scan of logs and spans', () => {
  it.each([
    ['one-time code', '{"msg":"code 048213 was wrong"}'],
    ['one-time code', '{"value":"048213"}'],
    ['one-time code', 'digits=٠٤٨٢١٣'],
    ['one-time code', 'sent 048213.'],
    ['phone number', '{"phone":"+966512345678"}'],
    ['phone number', 'from 0512345678 now'],
    ['phone number', 'path /phones/%2B966512345678/messages'],
    ['phone number', 'at 12 of 00966 51-234 5678'],
    ['phone number', 'DETAIL: Key (phone_number)=(+966512345678) already exists.'],
    ['phone number', '٠٥١٢٣٤٥٦٧٨'],
    ['phone number', 'to +971 55 123456'],
    ['refresh token', `{"token":"${refresh}"}`],
    ['JWT', `token ${jwt}`],
    ['JWT', `key eyJhbGciOiJkaXIifQ..${'c'.repeat(16)}.x.y`],
    ['Bearer token', 'authorization: Bearer abcdefghij0123456789'],
    ['device token', `x-device-id ${device}`],
    ['password', '{"body":"pass word !"}'],
    ['e-mail address', 'mail to sara@example.com failed'],
  ])('O10: finds a %s in %s', (kind, text) => {
    const findings = scan(text);
    expect(findings).toEqual([expect.stringMatching(new RegExp(`^identity\\.log:7: ${kind} ..•••$`))]);
  });

  it.each([
    '{"code":"CODE_INVALID","phone":"+9665•••••678"}',
    'request 01a205f3-048213-73c5 in 1048213 µs, 3.048213 s, 12:048213',
    'trace ab048213cd and port 48213',
    'WWW-Authenticate: Bearer realm="mawid", error="invalid_token"',
    'Authorization: Bearer [token], mail [email]',
    'another code 048214 and another number 0512345679',
    'trace a966512345678901 of 2026-11-23T01:09:10.253Z',
    `sha256 ${'0f'.repeat(32)}`,
  ])('finds nothing in %s', (text) => {
    expect(scan(text)).toEqual([]);
  });
});
