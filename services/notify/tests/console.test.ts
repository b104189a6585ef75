import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@mawid/service-kit';
import { createPerson, otpRequested } from './support/facts.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';

describe('one-time codes without a provider', () => {
  const printed: string[] = [];
  const logged: string[] = [];
  let notify: NotifyFixture;

  beforeAll(async () => {
    const output = { write: (text: string) => void printed.push(text) };
    const destination = { write: (line: string) => void logged.push(line) };
    const logger = createLogger({ name: 'notify', level: 'trace', destination });
    notify = await startNotify({ env: { OTP_PROVIDER: 'console' }, overrides: { output, logger } });
  });
  afterAll(() => notify.close());

  it('are printed for the developer, and not logged', async () => {
    const person = createPerson();
    const key = notify.running.ctx.config.envelopeKey;
    await notify.publish(await otpRequested(person, key, { code: '060606' }));
    const [row] = await notify.waitForState(person.phone, 'sent');
    expect(row).toMatchObject({ provider: 'console', sealed_code: null });
    expect(printed).toEqual([`One-time code for ${person.phone} (sms): 060606\n`]);
    expect(logged.join('')).toContain('a message was sent');
    expect(logged.join('')).not.toContain('060606');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });
});
