import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Context } from '../context.ts';

/** A puzzle for whoever may be a program. */
export interface Puzzle {
  kind: 'proof_of_work';
  /** The JSON that the ALTCHA widget reads. */
  text: string;
  expiresAt: Date;
}

/** A puzzle that was solved; `signature` is its name, and counts once. */
export interface SolvedPuzzle {
  signature: Buffer;
  expiresAt: Date;
}

type Part = Pick<Context, 'config' | 'clock'>;

/** Makes a puzzle. Nothing is kept and nothing derived: a flood of requests for puzzles costs a signature each. */
export async function createPuzzle({ config, clock }: Part): Promise<Puzzle> {
  const { challengeCost: cost, challengeLifetimeMs } = config.budgets;
  const seconds = Math.floor((clock.now().getTime() + challengeLifetimeMs) / 1000);
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost,
    deriveKey,
    // One key in 256 begins with a zero byte.
    keyPrefix: '00',
    expiresAt: seconds,
    hmacSignatureSecret: secretOf(config),
  });
  return { kind: 'proof_of_work', text: JSON.stringify(challenge), expiresAt: new Date(seconds * 1000) };
}

const payload = z.object({
  challenge: z.object({
    parameters: z.object({
      algorithm: z.literal('PBKDF2/SHA-256'),
      nonce: z.string(),
      salt: z.string(),
      cost: z.number(),
      keyLength: z.number(),
      keyPrefix: z.string(),
      expiresAt: z.number(),
    }),
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

// What the widget sends has about 500 characters.
const maxLength = 4_000;

/** The puzzle that a text solves, as the widget sends it: base64 of JSON. Undefined where it is not ours, not solved or too old. */
export async function findSolvedPuzzle({ config, clock }: Part, text: string): Promise<SolvedPuzzle | undefined> {
  const read = payload.safeParse(text.length > maxLength ? undefined : parseJson(text));
  if (!read.success) return undefined;
  const { challenge, solution } = read.data;
  const expiresAt = new Date(challenge.parameters.expiresAt * 1000);
  if (expiresAt <= clock.now()) return undefined;
  const result = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: secretOf(config) });
  return result.verified ? { signature: Buffer.from(challenge.signature, 'hex'), expiresAt } : undefined;
}

function secretOf(config: Context['config']): string {
  return config.challengeSecret.toString('base64url');
}

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
