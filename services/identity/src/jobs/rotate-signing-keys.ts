import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';

export function startRotateSigningKeys({ keyRing, logger, telemetry }: Context): Job {
  return startJob({ name: 'rotate-signing-keys', everyMs: 600_000, logger, telemetry, run: () => keyRing.rotate() });
}
