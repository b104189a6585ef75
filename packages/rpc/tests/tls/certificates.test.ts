import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CertificateError, type CertificateOptions } from '../../src/index.ts';
import { createCertificateAuthority, type IssuedCertificate, toCertificateFiles } from '../../src/testing/index.ts';
import { echoRoutes } from '../echo-service.ts';
import { closeAll, closeLater } from '../fixture.ts';
import { EchoService } from '../gen/echo_pb.js';
import { until } from '../until.ts';
import { certify, dialTo, issueTo, open, serve } from './secured.ts';

afterEach(closeAll);

const authority = createCertificateAuthority();

/** Plain files that are written one after the other. */
async function writeFiles(issued: IssuedCertificate, ca = authority.pem) {
  const folder = await mkdtemp(join(tmpdir(), 'mawid-files-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  const files = toCertificateFiles(folder);
  await Promise.all([
    writeFile(files.certFile, issued.cert),
    writeFile(files.keyFile, issued.key),
    writeFile(files.caFile, ca),
  ]);
  return { folder, files };
}

function watch(files: Parameters<typeof open>[0], options: CertificateOptions = {}) {
  const errors: string[] = [];
  const reloads: string[] = [];
  const certificates = open(files, {
    onError: (error) => errors.push(`${error.part} ${error.message}`),
    onReload: (material) => reloads.push(material.serialNumber),
    ...options,
  });
  return { certificates, errors, reloads };
}

describe('openCertificates', () => {
  const good = authority.issue();
  const past = new Date(Date.now() - 60_000);
  const cases: [string, Partial<Record<'cert' | 'key' | 'ca', string>>, string][] = [
    ['an empty certificate', { cert: '' }, 'certFile holds no complete certificate'],
    ['half a certificate', { cert: good.cert.slice(0, 300) }, 'certFile holds no complete certificate'],
    ['text', { cert: 'none' }, 'certFile holds no complete certificate'],
    ['another key', { key: authority.issue().key }, 'keyFile is not the key of the certificate'],
    ['half a key', { key: good.key.slice(0, 80) }, 'keyFile holds no private key in clear'],
    ['no authority', { ca: '' }, 'caFile holds no complete certificates'],
    ['half of two authorities', { ca: authority.pem + authority.pem.slice(0, 200) }, 'caFile holds no complete'],
    ['another authority', { ca: createCertificateAuthority().pem }, 'certFile is not signed by a valid authority'],
    ['an end-entity as authority', { ca: good.cert }, 'certFile is not signed by a valid authority'],
    ['no name', authority.issue({ uris: [] }), 'certFile has not exactly one URI'],
    ['a name of another form', authority.issue({ uris: ['https://mawid.sa/sa/booking'] }), 'certFile has not exactly'],
    ['another service', authority.issue({ name: 'payments' }), 'certFile names the service payments, not booking'],
    ['an end', authority.issue({ notBefore: new Date(0), notAfter: past }), 'certFile has expired'],
    ['a later begin', authority.issue({ notBefore: new Date(Date.now() + 60_000) }), 'certFile is not valid yet'],
  ];

  it.each(cases)('refuses files with %s', async (_, wrong, problem) => {
    const { cert, key, ca } = { ...good, ca: authority.pem, ...wrong };
    const { files } = await writeFiles({ ...good, cert, key }, ca);
    expect(problemOf(() => open(files, { name: 'booking' }))).toContain(problem);
  });

  it('names the file that is not there, and nothing of what another holds', async () => {
    const { files } = await writeFiles(good);
    expect(problemOf(() => open({ ...files, keyFile: '/nowhere/tls.key' }))).toBe('keyFile cannot be read (ENOENT)');
  });

  it('sees a mounted secret change', async () => {
    const folder = await issueTo(authority);
    const { certificates, reloads, errors } = watch(folder.files);
    expect(certificates.current.serialNumber).toBe(folder.serialNumber);
    const next = authority.issue();
    await folder.replace(next, authority.pem);
    await until(() => certificates.current.serialNumber === next.serialNumber);
    expect([reloads, errors]).toEqual([[next.serialNumber], []]);
  });

  it('waits for the whole of files that are written one by one, in any order', async () => {
    const { files } = await writeFiles(good);
    const { certificates, errors } = watch(files);
    let last = good;
    for (const order of [
      ['certFile', 'keyFile'],
      ['keyFile', 'certFile'],
    ] as const) {
      const next = authority.issue();
      for (const part of order) {
        expect(certificates.current.serialNumber).toBe(last.serialNumber);
        await writeFile(files[part], part === 'certFile' ? next.cert : next.key);
        await wait(300);
      }
      await until(() => certificates.current.serialNumber === next.serialNumber);
      last = next;
    }
    expect(errors.every((error) => error === 'keyFile is not the key of the certificate')).toBe(true);
    expect(errors).not.toEqual([]);
  });

  it('keeps the last good ones while the files are broken, says so once, and goes on when they are mended', async () => {
    const { certificates: own, folder } = await certify('payments', authority);
    const { files } = await writeFiles(good);
    const { certificates, errors, reloads } = watch(files, { pollMs: 50 });
    const server = await serve({ routes: echoRoutes(), certificates });
    await writeFile(files.certFile, good.cert.slice(0, 200));
    await until(() => errors.length > 0);
    await wait(300);
    expect(errors).toEqual(['certFile holds no complete certificate']);
    const client = createClient(EchoService, dialTo(server.port, { certificates: own }));
    expect((await client.write({ text: 'old' })).text).toBe('old');
    await rm(files.keyFile);
    await until(() => errors.length > 1);
    expect(errors[1]).toBe('keyFile cannot be read (ENOENT)');
    const next = authority.issue();
    await writeFile(files.keyFile, next.key);
    await writeFile(files.certFile, next.cert);
    await until(() => certificates.current.serialNumber === next.serialNumber);
    expect(reloads).toEqual([next.serialNumber]);
    expect(folder.path).toBeDefined();
  });

  it('looks by itself where the system tells of nothing', async () => {
    const { folder, files } = await writeFiles(good);
    const { certificates } = watch(files, { pollMs: 100 });
    // The watched folder is another one now.
    const { folder: other } = await writeFiles(authority.issue());
    await rename(folder, `${folder}-old`);
    closeLater(() => rm(`${folder}-old`, { recursive: true, force: true }));
    await rename(other, folder);
    await until(() => certificates.current.serialNumber !== good.serialNumber);
    const next = authority.issue();
    await writeFile(files.certFile, next.cert);
    await writeFile(files.keyFile, next.key);
    await until(() => certificates.current.serialNumber === next.serialNumber);
  });

  it('tells when the certificate has expired and nobody has renewed it', async () => {
    const { files } = await writeFiles(authority.issue({ notAfter: new Date(Date.now() + 1_500) }));
    const { errors } = watch(files, { pollMs: 100 });
    await until(() => errors.length > 0);
    await wait(300);
    expect(errors).toEqual(['certFile has expired and was not renewed']);
  });

  it('leaves nothing behind: no watch, no listener', async () => {
    const booking = await certify('booking', authority);
    const before = watchesOfProcess();
    const listeners = countListeners(booking.certificates);
    for (let round = 0; round < 20; round++) {
      const own = open(booking.folder.files);
      const server = await serve({ routes: echoRoutes(), certificates: listeners.certificates });
      const transport = dialTo(server.port, { certificates: listeners.certificates });
      await createClient(EchoService, transport).write({ text: 'x' });
      expect(listeners.count()).toBe(3);
      transport.close();
      await server.close();
      own.close();
    }
    await until(() => listeners.count() === 0);
    expect(watchesOfProcess()).toBe(before);
  });

  it('reads what it is given', async () => {
    const { files } = await writeFiles(good);
    const { certificates } = watch(files);
    expect(certificates.current.identity).toEqual({ scope: 'spiffe://mawid.test/ns/mawid', name: 'booking' });
    expect(certificates.current.pems.certFile).toEqual(await readFile(files.certFile));
  });
});

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CertificateError) return `${error.part} ${error.message}`;
    throw error;
  }
  return 'none';
}

function watchesOfProcess(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
}

function countListeners(certificates: ReturnType<typeof open>) {
  let count = 0;
  return {
    count: () => count,
    certificates: {
      get current() {
        return certificates.current;
      },
      onChange(listener: Parameters<typeof certificates.onChange>[0]) {
        count += 1;
        const end = certificates.onChange(listener);
        return () => {
          count -= 1;
          end();
        };
      },
      close: () => undefined,
    },
  };
}
