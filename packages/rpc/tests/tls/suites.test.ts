import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openCertificates, provenPeer } from '../../src/index.ts';
import { createCertificateAuthority, createSecretFolder } from '../../src/testing/index.ts';
import { echoRoutes } from '../echo-service.ts';
import { dial, serveGrpc, useCertificates } from '../fixture.ts';

// What holds in plain text holds over mutual TLS: these suites run again, here with certificates.
import '../cancellation.test.ts';
import '../deadlines.test.ts';
import '../drain.test.ts';
import '../errors.test.ts';
import '../interceptors.test.ts';
import '../metadata.test.ts';
import '../method-kinds.test.ts';

let close: () => Promise<void>;

beforeAll(async () => {
  const authority = createCertificateAuthority();
  const folder = await createSecretFolder(authority.issue(), authority.pem);
  const certificates = openCertificates(folder.files);
  useCertificates(certificates);
  close = async () => {
    certificates.close();
    await folder.remove();
  };
});

afterAll(() => {
  useCertificates(undefined);
  return close();
});

it('runs the suites below over TLS', async () => {
  const routes = echoRoutes({ echo: (_, context) => ({ text: context.values.get(provenPeer)?.name ?? 'plain' }) });
  expect((await dial((await serveGrpc({ routes })).port).echo({})).text).toBe('booking');
});
