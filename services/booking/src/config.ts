import { type CoreConfig, coreSettings, loadSettings, setting, toCoreConfig } from '@mawid/service-kit';

export interface Config {
  core: CoreConfig;
  /** How long an unpaid booking keeps its time. */
  holdMinutes: number;
  /** How often holds that have ended are looked for. */
  expiryIntervalMs: number;
  /** Signs page tokens. */
  pageTokenKey: string;
}

const settings = {
  ...coreSettings('booking'),
  BOOKING_HOLD_MINUTES: setting.integer(10, { min: 1, max: 24 * 60 }),
  BOOKING_EXPIRY_INTERVAL_MS: setting.integer(2_000, { min: 10, max: 60_000 }),
  PAGE_TOKEN_KEY: setting.secret('mawid-development-page-token-key'),
};

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = loadSettings(settings, env);
  return {
    core: toCoreConfig('booking', read),
    holdMinutes: read.BOOKING_HOLD_MINUTES,
    expiryIntervalMs: read.BOOKING_EXPIRY_INTERVAL_MS,
    pageTokenKey: read.PAGE_TOKEN_KEY,
  };
}
