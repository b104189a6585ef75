import { startIdentity } from '../../services/identity/tests/identity-fixture.ts';
import type { AttackResult } from './attack.ts';
import { startAttackedStack } from './attack-stack.ts';
import { enumerate, floodNumber, pump, resend, resendPatiently, spoof, spray } from './attacks.ts';
import { createLocalTarget } from './local-target.ts';
import { toTable } from './print-table.ts';

// `npm run attack`: what floods and guessers get out of a system with its own limits. Nothing but the loopback is touched.
const results: AttackResult[] = [];

/** Identity alone: its clock is moved, so that days of patience pass in seconds. */
async function attackIdentity(): Promise<void> {
  const fixture = await startIdentity({ OTP_PROVIDER: 'authentica' });
  try {
    const target = createLocalTarget(fixture);
    results.push(await told(resend(target, { resends: 50, guesses: 3 })));
    results.push(await told(resendPatiently(target, { resends: 50, guesses: 3, clock: fixture.clock })));
  } finally {
    await fixture.close();
  }
}

/** The whole system, through its gateway; the attacker's addresses are told by a proxy that the gateway believes. */
async function attackSystem(): Promise<void> {
  // Without the minute between two codes, for it alone would stop the flood of one number.
  const target = await startAttackedStack({ OTP_RESEND_COOLDOWN_SECONDS: '0' });
  try {
    results.push(await told(floodNumber(target, { addresses: 200 })));
    results.push(await told(pump(target, { addresses: 1_000, solves: false })));
    results.push(await told(pump(target, { addresses: 200, solves: true })));
    results.push(await told(enumerate(target, { numbers: 1_000, solves: false })));
    results.push(await told(enumerate(target, { numbers: 100, solves: true })));
    // The last, for it raises an alarm.
    results.push(await told(spray(target, { numbers: 2_000, guesses: 5 })));
  } finally {
    await target.close();
  }
}

/** The same system, to which the attacker's machine is no proxy. */
async function attackByStranger(): Promise<void> {
  const target = await startAttackedStack({ OTP_RESEND_COOLDOWN_SECONDS: '0', TRUSTED_PROXIES: '192.0.2.0/24' });
  try {
    results.push(await told(spoof(target, { numbers: 200 })));
  } finally {
    await target.close();
  }
}

async function told(attack: Promise<AttackResult>): Promise<AttackResult> {
  const begun = performance.now();
  const result = await attack;
  process.stderr.write(`${result.name}: ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
  return result;
}

await attackIdentity();
await attackSystem();
await attackByStranger();
process.stdout.write(`
Limits are the defaults of identity and the gateway, but for one: of the attacks through the gateway the minute between two codes to one number
is taken away. Addresses are told by a trusted proxy. "compared" are guesses that were held against a code.

${toTable(results)}
`);
