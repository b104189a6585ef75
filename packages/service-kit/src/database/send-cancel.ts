import pg from 'pg';

/** What pg keeps of a connection and has no types for. */
export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | Buffer | null;
  readonly ssl: unknown;
  readonly sslNegotiation?: string;
}

interface WireConnection extends pg.Connection {
  readonly ssl: unknown;
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number | Buffer): void;
}

const patienceMs = 2_000;

/**
 * Asks PostgreSQL, over a connection of its own, to cancel what the target's session is working on. Resolves when the
 * server has closed that connection, which it does after the signal is sent: 'settled' means that no statement started
 * from now on can be hit, 'unsent' that nothing was asked, 'unknown' that the request may still be on its way.
 */
export function sendCancel(target: CancelTarget): Promise<'settled' | 'unsent' | 'unknown'> {
  const { host, port, processID, secretKey, ssl, sslNegotiation } = target;
  if (processID === null || secretKey === null) return Promise.resolve('unsent');
  return new Promise((resolve) => {
    let sent = false;
    const options = { ssl, sslNegotiation } as pg.ConnectionConfig;
    const connection = new pg.Connection(options) as WireConnection;
    const timer = setTimeout(() => finish('unknown'), patienceMs);

    function finish(outcome: 'settled' | 'unknown'): void {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve(sent ? outcome : 'unsent');
    }

    function send(): void {
      sent = true;
      connection.cancel(processID as number, secretKey as number | Buffer);
    }

    connection.on('error', () => finish('unknown'));
    connection.on('end', () => finish('settled'));
    connection.on('sslconnect', send);
    connection.on('connect', () => {
      if (!ssl) send();
      else if (sslNegotiation !== 'direct') connection.requestSsl();
    });
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}
