import { X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { createClient } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Certificates } from '../../src/index.ts';
import { createCertificateAuthority } from '../../src/testing/index.ts';
import { allOf, echoRoutes } from '../echo-service.ts';
import { closeAll } from '../fixture.ts';
import { createGate } from '../gate.ts';
import { EchoService } from '../gen/echo_pb.js';
import { startLoad } from '../load.ts';
import { until } from '../until.ts';
import { certify, dialTo, issueTo, open, serve } from './secured.ts';

afterEach(closeAll);

/** The serial number of the certificate that a server shows to a new connection. */
function serialOf(port: number, { current }: Certificates): Promise<string> {
  const { certFile: cert, keyFile: key, caFile: ca } = current.pems;
  const options = { port, host: '127.0.0.1', servername: 'localhost', cert, key, ca, ALPNProtocols: ['h2'] };
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw).serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe('new certificates', () => {
  it('come into use while 16 callers call, without a failed call', async () => {
    const booking = await certify('booking');
    const payments = await certify('payments', booking.authority);
    const server = await serve({ routes: echoRoutes(), certificates: booking.certificates, maxConnectionAgeMs: 150 });
    const client = createClient(
      EchoService,
      dialTo(server.port, { certificates: payments.certificates, retries: false }),
    );
    const load = startLoad(16, (text) => client.write({ text }));
    for (let round = 0; round < 5; round++) {
      const [ours, theirs] = [booking.authority.issue(), booking.authority.issue({ name: 'payments' })];
      await booking.folder.replace(ours, booking.authority.pem);
      await payments.folder.replace(theirs, booking.authority.pem);
      await until(() => booking.certificates.current.serialNumber === ours.serialNumber);
      await until(() => payments.certificates.current.serialNumber === theirs.serialNumber);
      expect(await serialOf(server.port, payments.certificates)).toBe(ours.serialNumber);
      await wait(100);
    }
    const { count, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });

  it('of a new authority come into use in three steps, without a failed call', async () => {
    const booking = await certify('booking');
    const payments = await certify('payments', booking.authority);
    const next = createCertificateAuthority();
    const server = await serve({ routes: echoRoutes(), certificates: booking.certificates, maxConnectionAgeMs: 100 });
    const client = createClient(
      EchoService,
      dialTo(server.port, { certificates: payments.certificates, retries: false }),
    );
    const load = startLoad(16, (text) => client.write({ text }));
    const both = booking.authority.pem + next.pem;
    for (const [signer, trusted] of [
      [booking.authority, both],
      [next, both],
      [next, next.pem],
    ] as const) {
      const [ours, theirs] = [signer.issue(), signer.issue({ name: 'payments' })];
      await booking.folder.replace(ours, trusted);
      // Between the two, one side has the new certificates and the other the old ones.
      await until(() => booking.certificates.current.serialNumber === ours.serialNumber);
      await wait(150);
      await payments.folder.replace(theirs, trusted);
      await until(() => payments.certificates.current.serialNumber === theirs.serialNumber);
      await wait(150);
    }
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    const old = await issueTo(booking.authority, { name: 'payments' });
    await expect(serialOf(server.port, open(old.files))).rejects.toThrow(/self-signed|unable|signature/i);
  });

  it('leave calls in flight and their connection alone', async () => {
    const booking = await certify('booking');
    const payments = await certify('payments', booking.authority);
    const gate = createGate();
    let connections = 0;
    const server = await serve({
      routes: echoRoutes({
        async *repeat(request) {
          yield { text: `${request.text} 1` };
          await gate.opened;
          yield { text: `${request.text} 2` };
        },
      }),
      certificates: booking.certificates,
      onRefused: () => {
        connections += 1;
      },
    });
    const client = createClient(EchoService, dialTo(server.port, { certificates: payments.certificates }));
    const answers = client.repeat({ text: 'kept' })[Symbol.asyncIterator]();
    expect((await answers.next()).value.text).toBe('kept 1');
    // Other calls have a connection of their own.
    await client.echo({});
    // Nothing of the old ones is trusted any more.
    const next = createCertificateAuthority();
    await booking.folder.replace(next.issue(), next.pem);
    await until(
      () => booking.certificates.current.identity.name === 'booking' && trusts(booking.certificates, next.pem),
    );
    expect((await client.write({ text: 'same connection' })).text).toBe('same connection');
    gate.open();
    expect(await allOf({ [Symbol.asyncIterator]: () => answers })).toMatchObject([{ text: 'kept 2' }]);
    expect(connections).toBe(0);
  });

  it('replace those that are about to expire', async () => {
    const authority = createCertificateAuthority();
    const soon = await issueTo(authority, { name: 'booking', notAfter: new Date(Date.now() + 3_000) });
    const certificates = open(soon.files);
    const payments = await certify('payments', authority);
    const server = await serve({ routes: echoRoutes(), certificates, maxConnectionAgeMs: 100 });
    const client = createClient(
      EchoService,
      dialTo(server.port, { certificates: payments.certificates, retries: false }),
    );
    const load = startLoad(4, (text) => client.write({ text }));
    await soon.replace(authority.issue(), authority.pem);
    await wait(3_500);
    expect((await load.stop()).failures).toEqual([]);
  });
});

function trusts({ current }: Certificates, pem: string): boolean {
  return current.pems.caFile.toString() === pem;
}
