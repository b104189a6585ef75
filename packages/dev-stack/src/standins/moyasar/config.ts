import { z } from 'zod';
import { portSetting, readSettings, switchSetting } from '../shared/read-settings.ts';

export interface MoyasarStandinOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Where payers' browsers reach this stand-in; by default its own address. */
  readonly publicUrl?: string | undefined;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** Registered at start with `webhookSecret`; more can be registered through the API. */
  readonly webhookUrl?: string | undefined;
  readonly webhookSecret: string;
  /** 60 makes a minute of the retry ladder last a second. */
  readonly timeFactor: number;
  /** Whether the hosted page sends payers through a 3-D Secure page. */
  readonly threeDSecure: boolean;
  readonly partialRefundStatus: 'paid' | 'refunded';
  readonly voidWindowMinutes: number;
  readonly failedEventName: 'payment_failed' | 'payment_faild';
  readonly accountName: string;
  /** The journal; without it everything is forgotten at the end. */
  readonly dataFile?: string | undefined;
  now(): Date;
}

export const defaultOptions: MoyasarStandinOptions = {
  host: '127.0.0.1',
  port: 0,
  secretKey: 'sk_test_mawid',
  publishableKey: 'pk_test_mawid',
  webhookSecret: 'whsec-mawid-dev',
  timeFactor: 1,
  threeDSecure: false,
  partialRefundStatus: 'refunded',
  voidWindowMinutes: 120,
  failedEventName: 'payment_failed',
  accountName: 'Mawid',
  now: () => new Date(),
};

export function loadConfig(env: NodeJS.ProcessEnv): MoyasarStandinOptions {
  const settings = readSettings(
    {
      MOYASAR_STANDIN_PORT: portSetting(8091),
      MOYASAR_STANDIN_PUBLIC_URL: z.url().optional(),
      MOYASAR_SECRET_KEY: z.string().startsWith('sk_').default(defaultOptions.secretKey),
      MOYASAR_PUBLISHABLE_KEY: z.string().startsWith('pk_').default(defaultOptions.publishableKey),
      MOYASAR_WEBHOOK_URL: z.url().default('http://127.0.0.1:8080/api/webhooks/moyasar'),
      MOYASAR_WEBHOOK_SECRET: z.string().min(8).default(defaultOptions.webhookSecret),
      MOYASAR_STANDIN_TIME_FACTOR: z.coerce.number().positive().default(1),
      MOYASAR_STANDIN_3DS: switchSetting('off'),
      MOYASAR_STANDIN_PARTIAL_REFUND_STATUS: z.enum(['paid', 'refunded']).default('refunded'),
      MOYASAR_STANDIN_VOID_WINDOW_MINUTES: z.coerce.number().int().min(0).default(120),
      MOYASAR_STANDIN_FAILED_EVENT: z.enum(['payment_failed', 'payment_faild']).default('payment_failed'),
      MOYASAR_STANDIN_DATA: z.string().optional(),
    },
    env,
  );
  return {
    ...defaultOptions,
    port: settings.MOYASAR_STANDIN_PORT,
    publicUrl: settings.MOYASAR_STANDIN_PUBLIC_URL,
    secretKey: settings.MOYASAR_SECRET_KEY,
    publishableKey: settings.MOYASAR_PUBLISHABLE_KEY,
    webhookUrl: settings.MOYASAR_WEBHOOK_URL,
    webhookSecret: settings.MOYASAR_WEBHOOK_SECRET,
    timeFactor: settings.MOYASAR_STANDIN_TIME_FACTOR,
    threeDSecure: settings.MOYASAR_STANDIN_3DS,
    partialRefundStatus: settings.MOYASAR_STANDIN_PARTIAL_REFUND_STATUS,
    voidWindowMinutes: settings.MOYASAR_STANDIN_VOID_WINDOW_MINUTES,
    failedEventName: settings.MOYASAR_STANDIN_FAILED_EVENT,
    dataFile: settings.MOYASAR_STANDIN_DATA,
  };
}
