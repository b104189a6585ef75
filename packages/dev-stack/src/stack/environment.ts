import { join } from 'node:path';
import { type DatabaseName, databaseNames } from '../infrastructure/databases.ts';
import { cacheFolder } from '../paths.ts';
import { defaultOptions as messages } from '../standins/messages/config.ts';
import { defaultOptions as moyasar } from '../standins/moyasar/config.ts';
import { type Ports, toPortSettings } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** What the environment of the programs is made from. */
export interface EnvironmentInput {
  /** The environment of whoever starts the system. */
  base: NodeJS.ProcessEnv;
  /** Settings that win over everything. */
  overrides: Record<string, string>;
  ports: Ports;
  secrets: Secrets;
  databaseUrls: Record<DatabaseName, string>;
  natsUrl: string;
  dataFolder: string;
}

/** The environment that all programs have in common: where everything is, and no secret. */
export function toSharedEnvironment(input: Pick<EnvironmentInput, 'base' | 'overrides' | 'ports'>): NodeJS.ProcessEnv {
  const { ports } = input;
  const at = (port: number) => `127.0.0.1:${port}`;
  return {
    ...standinKeys,
    // Codes go through notify to the stand-in phone, the same way as in production, unless whoever starts the system says otherwise.
    OTP_PROVIDER: 'authentica',
    ...withoutDatabases(input.base),
    // Node keeps what it compiled: programs start in half the time from the second run on.
    NODE_COMPILE_CACHE: join(cacheFolder, 'node-compile'),
    ...toPortSettings(ports),
    IDENTITY_GRPC_ADDRESS: at(ports.identityGrpc),
    BOOKING_GRPC_ADDRESS: at(ports.bookingGrpc),
    PAYMENTS_GRPC_ADDRESS: at(ports.paymentsGrpc),
    NOTIFY_GRPC_ADDRESS: at(ports.notifyGrpc),
    IDENTITY_JWKS_URL: `http://${at(ports.identityHttp)}/.well-known/jwks.json`,
    PUBLIC_URL: `http://${at(ports.gateway)}`,
    MOYASAR_URL: `http://${at(ports.moyasar)}/v1`,
    MOYASAR_WEBHOOK_URL: `http://${at(ports.gateway)}/api/webhooks/moyasar`,
    AUTHENTICA_URL: `http://${at(ports.messages)}`,
    UNIFONIC_URL: `http://${at(ports.messages)}/rest`,
    ...input.overrides,
  };
}

/** The environment of one service: the shared one, its own database, and the secrets it needs. */
export function toServiceEnvironment(name: DatabaseName, input: EnvironmentInput): NodeJS.ProcessEnv {
  const readsCodes = name === 'identity' || name === 'notify';
  return {
    ...toSharedEnvironment(input),
    NATS_URL: input.natsUrl,
    [`${name.toUpperCase()}_DATABASE_URL`]: input.databaseUrls[name],
    ...(readsCodes ? { OTP_ENVELOPE_KEY: input.secrets.otpEnvelopeKey } : {}),
    ...input.overrides,
  };
}

/** The environment of the gateway: the shared one, and where it counts requests. */
export function toGatewayEnvironment(input: EnvironmentInput): NodeJS.ProcessEnv {
  return { ...toSharedEnvironment(input), NATS_URL: input.natsUrl, ...input.overrides };
}

/** The environment of the stand-ins, which remember payments and messages in the data folder. */
export function toStandinEnvironment(
  input: Pick<EnvironmentInput, 'base' | 'overrides' | 'ports' | 'dataFolder'>,
): NodeJS.ProcessEnv {
  return {
    MOYASAR_STANDIN_DATA: join(input.dataFolder, 'moyasar.jsonl'),
    MESSAGES_STANDIN_DATA: join(input.dataFolder, 'messages.jsonl'),
    ...toSharedEnvironment(input),
  };
}

// What the stand-ins ask for; a real provider's keys in the environment win.
const standinKeys = {
  MOYASAR_SECRET_KEY: moyasar.secretKey,
  MOYASAR_PUBLISHABLE_KEY: moyasar.publishableKey,
  MOYASAR_WEBHOOK_SECRET: moyasar.webhookSecret,
  AUTHENTICA_API_KEY: messages.authenticaApiKey,
  UNIFONIC_APP_SID: messages.unifonicAppSid,
  UNIFONIC_SENDER_ID: 'MAWID',
};

// A program must not find the way into another one's database in its environment.
function withoutDatabases(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hidden = ['MAWID_POSTGRES_URL', ...databaseNames.map((name) => `${name.toUpperCase()}_DATABASE_URL`)];
  return Object.fromEntries(Object.entries(env).filter(([key]) => !hidden.includes(key)));
}
