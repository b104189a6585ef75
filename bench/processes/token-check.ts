// Checks access tokens as a service does, hearing of ended sessions: `token-check.ts <url of NATS>`.
import { connectNats, createLogger, createTokenVerifier, startSessionWatch, startTelemetry } from '@mawid/service-kit';
import { startTestIssuer, waitFor } from '@mawid/service-kit/testing';
import { medianOf } from '../src/quantile.ts';
import { serveParent } from '../src/serve-parent.ts';

const userId = '01890a5d-ac96-774b-bcce-b302099a8059';
const nats = await connectNats({ url: process.argv[2] ?? '', name: 'bench' });
const telemetry = startTelemetry({ service: 'bench' });
const logger = createLogger({ name: 'bench', level: 'silent' });
const sessions = startSessionWatch({ connect: async () => nats, logger, telemetry, settleMs: 0 });
const issuer = await startTestIssuer();
const verifier = createTokenVerifier(issuer, sessions);

await waitFor('the event stream', async () => (await telemetry.metrics.metrics()).includes('sessions_heard 1'));
serveParent({}, async ({ checks, rounds }: { checks: number; rounds: number }) => {
  const unknown: number[] = [];
  const known: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const tokens = await Promise.all(Array.from({ length: checks }, () => issuer.sign({ userId, sessionId: uuid() })));
    unknown.push(await measure(tokens));
    known.push(await measure(tokens));
  }
  // The first round warms up.
  return { known: medianOf(known.slice(1)), unknown: medianOf(unknown.slice(1)) };
});

/** µs of CPU per check, all threads counted. */
async function measure(tokens: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  for (const token of tokens) {
    if ((await verifier.verify(token)) === undefined) throw new Error('a good token was refused');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / tokens.length;
}

function uuid(): string {
  return crypto.randomUUID();
}
