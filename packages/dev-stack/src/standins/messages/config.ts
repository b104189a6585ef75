import { z } from 'zod';
import { portSetting, readSettings } from '../shared/read-settings.ts';

export interface MessagesStandinOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly authenticaApiKey: string;
  readonly unifonicAppSid: string;
  readonly taqnyatToken: string;
  readonly fcmAccessToken: string;
  /** Sender names that are registered with the operators. */
  readonly senders: readonly string[];
  /** The journal; without it everything is forgotten at the end. */
  readonly dataFile?: string | undefined;
  now(): Date;
}

export const defaultOptions: MessagesStandinOptions = {
  host: '127.0.0.1',
  port: 0,
  authenticaApiKey: 'authentica_test_mawid',
  unifonicAppSid: 'unifonic_test_mawid',
  taqnyatToken: 'taqnyat_test_mawid',
  fcmAccessToken: 'fcm_test_mawid',
  senders: ['MAWID', 'MAWID-AD'],
  now: () => new Date(),
};

export function loadConfig(env: NodeJS.ProcessEnv): MessagesStandinOptions {
  const settings = readSettings(
    {
      MESSAGES_STANDIN_PORT: portSetting(8092),
      AUTHENTICA_API_KEY: z.string().default(defaultOptions.authenticaApiKey),
      UNIFONIC_APP_SID: z.string().default(defaultOptions.unifonicAppSid),
      TAQNYAT_TOKEN: z.string().default(defaultOptions.taqnyatToken),
      FCM_ACCESS_TOKEN: z.string().default(defaultOptions.fcmAccessToken),
      MESSAGES_STANDIN_SENDERS: z.string().default(defaultOptions.senders.join(',')),
      MESSAGES_STANDIN_DATA: z.string().optional(),
    },
    env,
  );
  return {
    ...defaultOptions,
    port: settings.MESSAGES_STANDIN_PORT,
    authenticaApiKey: settings.AUTHENTICA_API_KEY,
    unifonicAppSid: settings.UNIFONIC_APP_SID,
    taqnyatToken: settings.TAQNYAT_TOKEN,
    fcmAccessToken: settings.FCM_ACCESS_TOKEN,
    senders: settings.MESSAGES_STANDIN_SENDERS.split(',').map((name) => name.trim()),
    dataFile: settings.MESSAGES_STANDIN_DATA,
  };
}
