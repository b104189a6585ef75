import {
  type CoreConfig,
  coreSettings,
  forDevelopment,
  loadSettings,
  type Setting,
  setting,
  toCoreConfig,
} from '@mawid/service-kit';
import { type BudgetConfig, budgetSettings, toBudgetConfig } from './budgets/budget-settings.ts';
import { type HmacKey, parseHmacKeys } from './crypto/hmac-keys.ts';
import { deriveSecret } from './crypto/sealed-key.ts';
import type { SendLimits } from './domain/send-budget.ts';
import type { SessionLimits } from './domain/session.ts';
import type { KeySchedule } from './domain/signing-keys.ts';
import type { SprayLimits } from './domain/spraying.ts';
import { type SocialConfig, socialSettings, toSocialConfig } from './social/social-settings.ts';

export interface Config {
  core: CoreConfig;
  codes: CodeConfig;
  sends: SendLimits;
  budgets: BudgetConfig;
  guesses: GuessLimits;
  /** From when on codes count as being guessed all over the system, in ten minutes. */
  spraying: SprayLimits;
  sessions: SessionLimits;
  tokens: TokenConfig;
  keys: KeySchedule;
  /** Opens the signing keys in the database. */
  signingKeySecret: Buffer;
  /** Tells which refresh token follows which. */
  refreshSecret: Buffer;
  /** Signs the ids that devices get from us. */
  deviceSecret: Buffer;
  /** Signs puzzles. */
  challengeSecret: Buffer;
  /** How long a sign-in counts as fresh, for what is too sensitive for an old one. */
  freshSignInMs: number;
  /** Signs page tokens. */
  pageTokenKey: string;
  /** How long a line of the audit log is kept. */
  auditRetentionDays: number;
  social: SocialConfig;
  /** Seals what Apple gave us to revoke. */
  appleTokenSecret: Buffer;
}

export interface CodeConfig {
  /** `console` leaves the sending to a stand-in, `authentica` to the provider; the sender is notify in both cases. */
  provider: 'console' | 'authentica';
  lifetimeMs: number;
  maxAttempts: number;
  /** ISO 3166 codes of the countries that codes are sent to. */
  countries: ReadonlySet<string>;
  /** Newest first: it hashes; the others still check. */
  hmacKeys: readonly HmacKey[];
  /** Shared with notify. */
  envelopeKey: Buffer;
}

/** Guesses at the codes of one phone, whatever the number of codes. */
export interface GuessLimits {
  perHour: number;
  perDay: number;
  consecutive: number;
  /** Wrong codes from one network in an hour; from then on only known devices' codes are looked at from there. */
  perNetworkHour: number;
}

export interface TokenConfig {
  lifetimeSeconds: number;
  clientId: string;
}

const minute = 60_000;
const day = 24 * 60 * minute;

const settings = {
  ...coreSettings('identity'),
  // A default that production refuses: a code must not end in the output of a server.
  OTP_PROVIDER: forDevelopment(setting.oneOf(['console', 'authentica']), 'console'),
  OTP_MAX_PER_WINDOW: setting.integer(5, { min: 1, max: 1_000 }),
  OTP_MAX_PER_DAY: setting.integer(10, { min: 1, max: 10_000 }),
  OTP_WINDOW_MINUTES: setting.integer(15, { min: 1, max: 1_440 }),
  OTP_RESEND_COOLDOWN_SECONDS: setting.integer(60, { max: 3_600 }),
  OTP_MAX_ATTEMPTS: setting.integer(5, { min: 1, max: 10 }),
  OTP_TTL_SECONDS: setting.integer(300, { min: 30, max: 600 }),
  OTP_COUNTRIES: setting.list(['SA']),
  OTP_GUESSES_PER_HOUR: setting.integer(15, { min: 1 }),
  OTP_GUESSES_PER_DAY: setting.integer(30, { min: 1 }),
  OTP_GUESSES_CONSECUTIVE: setting.integer(100, { min: 1 }),
  OTP_WRONG_PER_NETWORK_HOUR: setting.integer(100, { min: 1 }),
  OTP_SPRAY_WRONG: setting.integer(300, { min: 1 }),
  OTP_SPRAY_SHARE_PERCENT: setting.integer(30, { min: 1, max: 100 }),
  OTP_HMAC_KEYS: secretKeys('dev:bWF3aWQtZGV2ZWxvcG1lbnQtb3RwLWhtYWMta2V5ISE'),
  OTP_ENVELOPE_KEY: setting.secretBytes('bWF3aWQtZGV2ZWxvcG1lbnQtb3RwLWVudmVsb3BlISE'),
  IDENTITY_KEY_ENCRYPTION_KEY: setting.secretBytes('bWF3aWQtZGV2ZWxvcG1lbnQtc2lnbmluZy1rZXlzISE'),
  ACCESS_TOKEN_TTL_SECONDS: setting.integer(900, { min: 30, max: 900 }),
  TOKEN_CLIENT_ID: setting.text('mawid-app'),
  SESSION_DAYS: setting.integer(30, { min: 1, max: 30 }),
  STAFF_SESSION_HOURS: setting.integer(24, { min: 1, max: 24 }),
  // Not less than an access token lives: whoever works with one is not idle.
  STAFF_IDLE_MINUTES: setting.integer(60, { min: 15, max: 1_440 }),
  REFRESH_GRACE_SECONDS: setting.integer(30, { max: 60 }),
  PAGE_TOKEN_KEY: setting.secret('mawid-development-page-token-key'),
  AUDIT_RETENTION_DAYS: setting.integer(365, { min: 30, max: 3_650 }),
  SIGNING_KEY_ROTATION_DAYS: setting.integer(90, { min: 1, max: 3_650 }),
  ...socialSettings,
  ...budgetSettings,
};

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = loadSettings(settings, env);
  return {
    core: toCoreConfig('identity', read),
    codes: {
      provider: read.OTP_PROVIDER,
      lifetimeMs: read.OTP_TTL_SECONDS * 1000,
      maxAttempts: read.OTP_MAX_ATTEMPTS,
      countries: new Set(read.OTP_COUNTRIES.map((country) => country.toUpperCase())),
      hmacKeys: read.OTP_HMAC_KEYS,
      envelopeKey: read.OTP_ENVELOPE_KEY,
    },
    sends: {
      cooldownMs: read.OTP_RESEND_COOLDOWN_SECONDS * 1000,
      windowMs: read.OTP_WINDOW_MINUTES * minute,
      maxPerWindow: read.OTP_MAX_PER_WINDOW,
      maxPerDay: read.OTP_MAX_PER_DAY,
    },
    budgets: toBudgetConfig(read, env),
    guesses: {
      perHour: read.OTP_GUESSES_PER_HOUR,
      perDay: read.OTP_GUESSES_PER_DAY,
      consecutive: read.OTP_GUESSES_CONSECUTIVE,
      perNetworkHour: read.OTP_WRONG_PER_NETWORK_HOUR,
    },
    spraying: { minWrong: read.OTP_SPRAY_WRONG, minShare: read.OTP_SPRAY_SHARE_PERCENT / 100 },
    sessions: {
      customerLifetimeMs: read.SESSION_DAYS * day,
      staffLifetimeMs: read.STAFF_SESSION_HOURS * 60 * minute,
      staffIdleMs: read.STAFF_IDLE_MINUTES * minute,
      graceMs: read.REFRESH_GRACE_SECONDS * 1000,
    },
    tokens: { lifetimeSeconds: read.ACCESS_TOKEN_TTL_SECONDS, clientId: read.TOKEN_CLIENT_ID },
    keys: {
      rotationMs: read.SIGNING_KEY_ROTATION_DAYS * day,
      leadMs: 10 * minute,
      overlapMs: read.ACCESS_TOKEN_TTL_SECONDS * 1000 + 5 * minute,
    },
    signingKeySecret: deriveSecret(read.IDENTITY_KEY_ENCRYPTION_KEY, 'signing keys'),
    refreshSecret: deriveSecret(read.IDENTITY_KEY_ENCRYPTION_KEY, 'refresh tokens'),
    deviceSecret: deriveSecret(read.IDENTITY_KEY_ENCRYPTION_KEY, 'device ids'),
    challengeSecret: deriveSecret(read.IDENTITY_KEY_ENCRYPTION_KEY, 'challenges'),
    freshSignInMs: 5 * minute,
    pageTokenKey: read.PAGE_TOKEN_KEY,
    auditRetentionDays: read.AUDIT_RETENTION_DAYS,
    social: toSocialConfig(read),
    appleTokenSecret: deriveSecret(read.IDENTITY_KEY_ENCRYPTION_KEY, 'apple tokens'),
  };
}

function secretKeys(developmentDefault: string): Setting<readonly HmacKey[]> {
  const schema = setting.secret().transform((text, ctx) => {
    const keys = parseHmacKeys(text);
    if (keys === undefined)
      ctx.addIssue({ code: 'custom', message: 'must be id:key,id:key… with keys of 32 bytes or more in base64url' });
    return keys ?? [];
  });
  return forDevelopment(schema, developmentDefault);
}
