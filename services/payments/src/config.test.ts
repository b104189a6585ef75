import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.ts';

describe('LoadConfig', () => {
  it('needs no settings in development', () => {
    const { moyasar, publicUrl, returnUrl } = loadConfig({});
    expect(moyasar).toMatchObject({ url: 'http://127.0.0.1:8091/v1', secretKey: 'sk_test_mawid' });
    expect(returnUrl).toBe(publicUrl);
  });

  it('names every wrong setting at once', () => {
    const wrong = {
      PAYMENTS_GRPC_PORT: 'x',
      MOYASAR_URL: 'ftp://moyasar',
      MOYASAR_SECRET_KEY: 'pk_live_1',
      MOYASAR_REFUND_SETTLE_MS: '10',
    };
    for (const name of Object.keys(wrong)) expect(() => loadConfig(wrong)).toThrow(name);
  });

  it('takes no secret of development into production', () => {
    const names = ['MOYASAR_SECRET_KEY', 'MOYASAR_WEBHOOK_SECRET', 'PAGE_TOKEN_KEY', 'PAYMENTS_DATABASE_URL'];
    for (const name of names) expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(name);
  });
});
