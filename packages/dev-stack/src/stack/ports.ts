import { assertPortFree, freePorts } from '../processes/free-port.ts';

/** Every port of the system: the setting that moves it, and where it is when nothing moves it. */
const table = {
  gateway: ['GATEWAY_PORT', 8080],
  gatewayMetrics: ['GATEWAY_METRICS_PORT', 9080],
  identityGrpc: ['IDENTITY_GRPC_PORT', 50051],
  bookingGrpc: ['BOOKING_GRPC_PORT', 50052],
  paymentsGrpc: ['PAYMENTS_GRPC_PORT', 50053],
  notifyGrpc: ['NOTIFY_GRPC_PORT', 50054],
  identityHttp: ['IDENTITY_HTTP_PORT', 8081],
  bookingHttp: ['BOOKING_HTTP_PORT', 8082],
  paymentsHttp: ['PAYMENTS_HTTP_PORT', 8083],
  notifyHttp: ['NOTIFY_HTTP_PORT', 8084],
  moyasar: ['MOYASAR_STANDIN_PORT', 8091],
  messages: ['MESSAGES_STANDIN_PORT', 8092],
  postgres: ['POSTGRES_PORT', 54329],
  nats: ['NATS_PORT', 42229],
} as const;

export type PortName = keyof typeof table;
export type Ports = Record<PortName, number>;

const names = Object.keys(table) as PortName[];

/** The ports for a system: free ones, or the fixed ones as the environment moves them (then all proved to be free). */
export async function resolvePorts(choice: 'fixed' | 'auto', env: NodeJS.ProcessEnv): Promise<Ports> {
  if (choice === 'auto') {
    const free = await freePorts(names.length);
    return Object.fromEntries(names.map((name, index) => [name, free[index]])) as Ports;
  }
  const ports = Object.fromEntries(names.map((name) => [name, readPort(name, env)])) as Ports;
  const needed = names.filter((name) => !isGivenByUrl(name, env));
  for (const name of needed) await assertPortFree(ports[name], table[name][0]);
  return ports;
}

/** The settings that tell the ports to the programs. */
export function toPortSettings(ports: Ports): Record<string, string> {
  return Object.fromEntries(names.map((name) => [table[name][0], String(ports[name])]));
}

function readPort(name: PortName, env: NodeJS.ProcessEnv): number {
  const [setting, fallback] = table[name];
  const text = env[setting];
  if (!text) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`${setting} is not a port: ${text}`);
  return port;
}

function isGivenByUrl(name: PortName, env: NodeJS.ProcessEnv): boolean {
  if (name === 'postgres') return Boolean(env.MAWID_POSTGRES_URL) || env.MAWID_INFRASTRUCTURE === 'testcontainers';
  return name === 'nats' && (Boolean(env.NATS_URL) || env.MAWID_INFRASTRUCTURE === 'testcontainers');
}
