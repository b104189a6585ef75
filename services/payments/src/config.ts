import {
  type CoreConfig,
  coreSettings,
  forDevelopment,
  loadSettings,
  type Setting,
  setting,
  toCoreConfig,
} from '@mawid/service-kit';

export interface Config {
  core: CoreConfig;
  /** `host:port` of booking's gRPC. */
  bookingAddress: string;
  moyasar: MoyasarConfig;
  /** Where people and providers reach us from outside. */
  publicUrl: string;
  /** Where the payer's browser goes back to. */
  returnUrl: string;
  /** How often a payment that waits for its payer is looked up, in case its webhook is lost. */
  pollMs: number;
  /** How often the jobs look for work that nothing woke them for. */
  jobIntervalMs: number;
  /** Signs page tokens. */
  pageTokenKey: string;
}

export interface MoyasarConfig {
  url: string;
  secretKey: string;
  webhookSecret: string;
  /** Patience with one call. */
  timeoutMs: number;
  /** Within this time Moyasar may still make an invoice for a call we gave up on. */
  invoiceSettleMs: number;
  /** The same for a refund. Longer than any proxy before Moyasar keeps a request. */
  refundSettleMs: number;
}

const settings = {
  ...coreSettings('payments'),
  BOOKING_GRPC_ADDRESS: setting.text('127.0.0.1:50052'),
  MOYASAR_URL: setting.url('http://127.0.0.1:8091/v1'),
  MOYASAR_SECRET_KEY: secretKey('sk_test_mawid'),
  MOYASAR_WEBHOOK_SECRET: setting.secret('whsec-mawid-dev'),
  MOYASAR_TIMEOUT_MS: setting.integer(4_000, { min: 100, max: 20_000 }),
  MOYASAR_INVOICE_SETTLE_MS: setting.integer(20_000, { min: 5_000 }),
  // Below the patience of a call, a refund could be sent a second time while the first still acts.
  MOYASAR_REFUND_SETTLE_MS: setting.integer(120_000, { min: 30_000 }),
  PUBLIC_URL: setting.url('http://127.0.0.1:8080'),
  PAYMENT_RETURN_URL: setting.url().optional(),
  PAYMENT_POLL_MS: setting.integer(60_000, { min: 100 }),
  PAYMENT_JOB_INTERVAL_MS: setting.integer(5_000, { min: 50 }),
  PAGE_TOKEN_KEY: setting.secret('mawid-development-page-token-key'),
};

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = loadSettings(settings, env);
  return {
    core: toCoreConfig('payments', read),
    bookingAddress: read.BOOKING_GRPC_ADDRESS,
    moyasar: {
      url: read.MOYASAR_URL,
      secretKey: read.MOYASAR_SECRET_KEY,
      webhookSecret: read.MOYASAR_WEBHOOK_SECRET,
      timeoutMs: read.MOYASAR_TIMEOUT_MS,
      invoiceSettleMs: read.MOYASAR_INVOICE_SETTLE_MS,
      refundSettleMs: read.MOYASAR_REFUND_SETTLE_MS,
    },
    publicUrl: read.PUBLIC_URL,
    returnUrl: read.PAYMENT_RETURN_URL ?? read.PUBLIC_URL,
    pollMs: read.PAYMENT_POLL_MS,
    jobIntervalMs: read.PAYMENT_JOB_INTERVAL_MS,
    pageTokenKey: read.PAGE_TOKEN_KEY,
  };
}

// A publishable key can create payments but not read or refund them: found out now, not at the first refund.
function secretKey(developmentDefault: string): Setting<string> {
  const schema = setting.secret().refine((key) => key.startsWith('sk_'), { error: 'must be a secret key (sk_…)' });
  return forDevelopment(schema, developmentDefault);
}
