import { connect as dialTcp } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { Code, createClient } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Certificates, type GrpcServerOptions, type GrpcTransportOptions, provenPeer } from '../../src/index.ts';
import { type CertificateRequest, createCertificateAuthority } from '../../src/testing/index.ts';
import { listenSecurely, type SecureListenerOptions } from '../../src/tls/listen-securely.ts';
import { allOf, echoRoutes, errorOf } from '../echo-service.ts';
import { closeAll, closeLater } from '../fixture.ts';
import { EchoService } from '../gen/echo_pb.js';
import { until } from '../until.ts';
import { certify, dialTo, issueTo, open, serve } from './secured.ts';

afterEach(closeAll);

const minute = 60_000;

async function startBooking(options: Partial<GrpcServerOptions> = {}) {
  const { authority, folder, certificates } = await certify('booking');
  const refused: string[] = [];
  const server = await serve({
    routes: echoRoutes({
      echo: (_, context) => ({ text: JSON.stringify(context.values.get(provenPeer) ?? 'nobody') }),
    }),
    certificates,
    onRefused: (reason) => refused.push(reason),
    ...options,
  });
  return { authority, folder, certificates, server, refused };
}

function clientOf(port: number, options: GrpcTransportOptions) {
  return createClient(EchoService, dialTo(port, options));
}

/** Certificates as a client has them whose files would not pass our own checks. */
function forge(cert: string, key: string, ca: string, good: Certificates): Certificates {
  const pems = { certFile: Buffer.from(cert), keyFile: Buffer.from(key), caFile: Buffer.from(ca) };
  return { current: { ...good.current, pems }, onChange: () => () => undefined, close: () => undefined };
}

describe('mutual TLS', () => {
  it('tells a handler who calls, by the certificate', async () => {
    const { authority, server } = await startBooking();
    const { certificates } = await certify('payments', authority);
    const client = clientOf(server.port, { certificates });
    expect((await client.echo({}, { headers: { 'x-mawid-peer': 'ops' } })).text).toBe('{"name":"payments"}');
    expect(await allOf(client.repeat({ text: 'x', times: 3 }))).toHaveLength(3);
  });

  it.each<[string, CertificateRequest]>([
    ['of another trust domain', { uris: ['spiffe://elsewhere.test/ns/mawid/sa/ops'] }],
    ['of another namespace', { uris: ['spiffe://mawid.test/ns/evil/sa/ops'] }],
    ['with two names', { uris: ['spiffe://mawid.test/ns/mawid/sa/ops', 'spiffe://mawid.test/ns/mawid/sa/booking'] }],
    ['with a DNS name only', { name: 'ops', uris: [] }],
    ['with another entry inside of its URI', { uris: ['spiffe://x/, URI:spiffe://mawid.test/ns/mawid/sa/ops'] }],
    ['with an empty name', { uris: ['spiffe://mawid.test/ns/mawid/sa/'] }],
  ])('gives no name to a certificate %s', async (_, request) => {
    const { authority, server, certificates } = await startBooking();
    const { cert, key } = authority.issue(request);
    const client = clientOf(server.port, { certificates: forge(cert, key, authority.pem, certificates) });
    expect((await client.echo({})).text).toBe('{}');
  });

  it('takes a certificate over one in between', async () => {
    const { authority, server } = await startBooking();
    const between = authority.issueAuthority('Between');
    const { cert, key } = between.issue({ name: 'notify' });
    const folder = await issueTo(authority);
    await folder.replace({ cert: cert + between.pem, key }, authority.pem);
    const client = clientOf(server.port, { certificates: open(folder.files) });
    expect((await client.echo({})).text).toBe('{"name":"notify"}');
  });

  it.each([
    ['of another authority', 'Other CA', /UNABLE_TO_VERIFY/],
    ['of another authority of the same name', 'Test CA', /UNABLE|SIGNATURE/],
  ])('refuses a certificate %s', async (_, name, reason) => {
    const { authority, server, certificates, refused } = await startBooking();
    const { cert, key } = createCertificateAuthority(name).issue({ name: 'ops' });
    const client = clientOf(server.port, { certificates: forge(cert, key, authority.pem, certificates) });
    const error = await errorOf(client.write({}, { timeoutMs: 60_000 }));
    expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, 'the server cannot be reached']);
    await until(() => refused.length > 0);
    expect(refused[0]).toMatch(reason);
  });

  it.each([
    ['expired', { notBefore: new Date(Date.now() - 9 * minute), notAfter: new Date(Date.now() - minute) }, 'EXPIRED'],
    ['is not valid yet', { notBefore: new Date(Date.now() + 9 * minute) }, 'NOT_YET_VALID'],
  ])('refuses a certificate that %s', async (_, request, reason) => {
    const { authority, server, certificates, refused } = await startBooking();
    const { cert, key } = authority.issue({ name: 'ops', ...request });
    const client = clientOf(server.port, { certificates: forge(cert, key, authority.pem, certificates) });
    expect((await errorOf(client.write({}, { timeoutMs: 60_000 }))).code).toBe(Code.Unavailable);
    await until(() => refused.length > 0);
    expect(refused[0]).toContain(reason);
  });

  it('refuses plain text, both ways', async () => {
    const { server, certificates } = await startBooking();
    expect((await errorOf(clientOf(server.port, {}).write({}, { timeoutMs: 60_000 }))).code).toBe(Code.Unavailable);
    const plain = await serve({ routes: echoRoutes() });
    const client = clientOf(plain.port, { certificates });
    expect((await errorOf(client.write({}, { timeoutMs: 60_000 }))).code).toBe(Code.Unavailable);
  });

  it.each([
    ['no certificate', { cert: undefined, key: undefined }],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' as const }],
    ['another protocol', { ALPNProtocols: ['http/1.1'] }],
    ['no protocol', { ALPNProtocols: undefined }],
  ])('refuses a peer with %s', async (_, wrong) => {
    const { server, certificates } = await startBooking();
    const { certFile: cert, keyFile: key, caFile: ca } = certificates.current.pems;
    const options = { port: server.port, host: '127.0.0.1', servername: 'localhost', cert, key, ca };
    expect(await bytesFrom({ ...options, ALPNProtocols: ['h2'], ...wrong } as ConnectionOptions)).toBe(0);
    expect(await bytesFrom({ ...options, ALPNProtocols: ['h2'] })).toBeGreaterThan(0);
  });

  it('resumes no session, for that would skip the certificate', async () => {
    const { server, certificates } = await startBooking();
    const { certFile: cert, keyFile: key, caFile: ca } = certificates.current.pems;
    const options = { port: server.port, host: '127.0.0.1', servername: 'localhost', cert, key, ca };
    const first = connect({ ...options, ALPNProtocols: ['h2'] });
    const session = new Promise<Buffer>((resolve) => first.once('session', resolve));
    await new Promise((resolve) => first.once('data', resolve));
    const second = connect({ ...options, ALPNProtocols: ['h2'], session: await session });
    await new Promise((resolve) => second.once('data', resolve));
    expect(second.isSessionReused()).toBe(false);
    first.destroy();
    second.destroy();
  });

  it('asks the server for the name of its address, or the one that is given', async () => {
    const authority = createCertificateAuthority();
    const folder = await issueTo(authority, { name: 'booking', hosts: ['booking.mawid.svc'] });
    const server = await serve({ routes: echoRoutes(), certificates: open(folder.files) });
    const { certificates } = await certify('payments', authority);
    const wrong = await errorOf(clientOf(server.port, { certificates }).write({}, { timeoutMs: 60_000 }));
    expect(wrong.code).toBe(Code.Unavailable);
    expect(String((wrong.cause as Error).message)).toContain('ALTNAME');
    const other = clientOf(server.port, { certificates, serverName: 'payments' });
    expect((await errorOf(other.write({}, { timeoutMs: 60_000 }))).code).toBe(Code.Unavailable);
    const right = clientOf(server.port, { certificates, serverName: 'booking.mawid.svc' });
    expect((await right.write({ text: 'in' })).text).toBe('in');
  });

  it('refuses a server of another authority', async () => {
    const { server } = await startBooking();
    const { certificates } = await certify('payments');
    const error = await errorOf(clientOf(server.port, { certificates }).write({}, { timeoutMs: 60_000 }));
    expect(error.code).toBe(Code.Unavailable);
  });

  it('ends a handshake that takes too long', async () => {
    const { dial, refused } = await startListener({ handshakeTimeoutMs: 200 });
    await (await dial()).closed;
    expect(refused).toEqual(['ERR_TLS_HANDSHAKE_TIMEOUT']);
  });

  it('ends the oldest handshake when there are too many, so that nobody is kept out by those that never end', async () => {
    const { port, certificates, taken, dial } = await startListener({ maxHandshakes: 3 });
    const idle = [await dial(), await dial(), await dial()];
    const { certFile: cert, keyFile: key, caFile: ca } = certificates.current.pems;
    const options = { port, host: '127.0.0.1', servername: 'localhost', cert, key, ca, ALPNProtocols: ['h2'] };
    const secured = connect(options);
    closeLater(() => void secured.destroy());
    await until(() => taken.length === 1);
    await idle[0]?.closed;
    expect(idle.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
  });

  it('drains past handshakes that never end', async () => {
    const { server } = await startBooking();
    const socket = dialTcp(server.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await server.drain(60_000);
    await closed;
  });
});

/** A listener alone, and peers that connect to it and say nothing. */
async function startListener(options: Partial<SecureListenerOptions>) {
  const { certificates } = await certify('booking');
  const [taken, refused]: [unknown[], string[]] = [[], []];
  const listener = await listenSecurely(
    { host: '127.0.0.1', port: 0 },
    {
      certificates,
      onConnection: (socket) => void taken.push(socket),
      onRefused: (reason) => refused.push(reason),
      ...options,
    },
  );
  closeLater(async () => {
    listener.stop();
    listener.cut();
    await listener.emptied();
  });
  async function dial() {
    const socket = dialTcp(listener.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) };
  }
  return { port: listener.port, certificates, taken, refused, dial };
}

/** How much a server says before it ends the connection, or in its first words. */
function bytesFrom(options: ConnectionOptions): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(options);
    socket.once('data', (data) => {
      resolve(data.length);
      socket.destroy();
    });
    socket.once('error', () => resolve(0));
    socket.once('close', () => resolve(0));
  });
}
