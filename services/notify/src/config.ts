import {
  type CoreConfig,
  coreSettings,
  forDevelopment,
  loadSettings,
  type Setting,
  setting,
  toCoreConfig,
} from '@mawid/service-kit';
import type { RetrySchedule } from './domain/delays.ts';

export interface Config {
  core: CoreConfig;
  /** `host:port` of booking's gRPC. */
  bookingAddress: string;
  /** Who sends codes; `console` prints them for a developer who has no provider. */
  codeProvider: 'console' | 'authentica';
  authentica: AuthenticaConfig;
  unifonic: UnifonicConfig;
  /** How calls to any provider are made. */
  calls: CallConfig;
  lanes: Record<'code' | 'text', LaneConfig>;
  /** Shared with identity: opens one-time codes. */
  envelopeKey: Buffer;
  /** Signs page tokens. */
  pageTokenKey: string;
}

export interface AuthenticaConfig {
  url: string;
  apiKey: string;
}

export interface UnifonicConfig {
  url: string;
  appSid: string;
  senderId: string;
}

export interface CallConfig {
  /** Patience with one call. */
  timeoutMs: number;
  /** Providers are outside: our trace goes with the request only where a stand-in reads it. */
  sendsTraceparent: boolean;
}

export interface LaneConfig {
  concurrency: number;
  /** Middle of the jittered wait between two looks at the table. */
  pollMs: number;
  /** Renewed while the process lives; so this is how long the messages of a killed one wait. */
  leaseMs: number;
  retry: RetrySchedule;
}

const settings = {
  ...coreSettings('notify'),
  BOOKING_GRPC_ADDRESS: setting.text('127.0.0.1:50052'),
  // A default that production refuses: a code must not end in the output of a server.
  OTP_PROVIDER: forDevelopment(setting.oneOf(['console', 'authentica']), 'console'),
  AUTHENTICA_URL: setting.url('http://127.0.0.1:8092'),
  AUTHENTICA_API_KEY: setting.secret('authentica_test_mawid'),
  UNIFONIC_URL: setting.url('http://127.0.0.1:8092/rest'),
  UNIFONIC_APP_SID: setting.secret('unifonic_test_mawid'),
  UNIFONIC_SENDER_ID: senderId('MAWID'),
  MESSAGES_TIMEOUT_MS: setting.integer(5_000, { min: 50, max: 8_000 }),
  MESSAGES_SEND_TRACEPARENT: setting.boolean(false),
  NOTIFY_POLL_MS: setting.integer(400, { min: 10, max: 60_000 }),
  NOTIFY_LEASE_MS: setting.integer(1_500, { min: 300, max: 60_000 }),
  NOTIFY_CODE_CONCURRENCY: setting.integer(8, { min: 1, max: 100 }),
  NOTIFY_TEXT_CONCURRENCY: setting.integer(8, { min: 1, max: 100 }),
  NOTIFY_CODE_MAX_ATTEMPTS: setting.integer(12, { min: 1 }),
  NOTIFY_TEXT_MAX_ATTEMPTS: setting.integer(20, { min: 1 }),
  NOTIFY_RETRY_BASE_MS: setting.integer(400, { min: 1 }),
  OTP_ENVELOPE_KEY: setting.secretBytes('bWF3aWQtZGV2ZWxvcG1lbnQtb3RwLWVudmVsb3BlISE'),
  PAGE_TOKEN_KEY: setting.secret('mawid-development-page-token-key'),
};

const codeRetryCapMs = 10_000;
const textRetryCapMs = 300_000;

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = loadSettings(settings, env);
  const lane = { pollMs: read.NOTIFY_POLL_MS, leaseMs: read.NOTIFY_LEASE_MS };
  const baseMs = read.NOTIFY_RETRY_BASE_MS;
  return {
    core: toCoreConfig('notify', read),
    bookingAddress: read.BOOKING_GRPC_ADDRESS,
    codeProvider: read.OTP_PROVIDER,
    authentica: { url: read.AUTHENTICA_URL, apiKey: read.AUTHENTICA_API_KEY },
    unifonic: { url: read.UNIFONIC_URL, appSid: read.UNIFONIC_APP_SID, senderId: read.UNIFONIC_SENDER_ID },
    calls: { timeoutMs: read.MESSAGES_TIMEOUT_MS, sendsTraceparent: read.MESSAGES_SEND_TRACEPARENT },
    lanes: {
      code: {
        ...lane,
        concurrency: read.NOTIFY_CODE_CONCURRENCY,
        retry: { baseMs, capMs: codeRetryCapMs, maxAttempts: read.NOTIFY_CODE_MAX_ATTEMPTS },
      },
      text: {
        ...lane,
        concurrency: read.NOTIFY_TEXT_CONCURRENCY,
        retry: { baseMs, capMs: textRetryCapMs, maxAttempts: read.NOTIFY_TEXT_MAX_ATTEMPTS },
      },
    },
    envelopeKey: read.OTP_ENVELOPE_KEY,
    pageTokenKey: read.PAGE_TOKEN_KEY,
  };
}

// What operators in Saudi Arabia register; anything else is refused by the provider at the first message.
function senderId(fallback: string): Setting<string> {
  const what = 'must be 1 to 11 letters, digits, spaces or hyphens';
  return setting.text(fallback).refine((name) => /^[A-Za-z0-9 -]{1,11}$/.test(name), { error: what });
}
