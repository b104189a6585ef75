import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../stack/start-stack.ts';
import { runJourney } from './demo-journey.ts';
import { createDemoReport } from './demo-report.ts';

const usage = `npm run demo [-- options]
  --kill-notify    kill -9 notify before the confirmation is due, and start it again after
  --help           print this`;

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'kill-notify': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(usage);
  const report = createDemoReport();
  const begun = performance.now();
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-demo-'));
  report.say('Booting four services, the gateway, PostgreSQL, NATS and the stand-ins …');
  try {
    const stack = await startStack({ dataFolder, ports: 'auto' });
    try {
      report.say(
        `Up and seeded after ${seconds(begun)}. Everything below goes through REST at ${stack.urls.gateway}/api.\n`,
      );
      await runJourney(stack, report, { killNotify: values['kill-notify'] });
    } finally {
      await stack.close();
    }
    report.say(`\nDone in ${seconds(begun)}. "npm start" keeps the system running for you to try it.`);
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
