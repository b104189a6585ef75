import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';

/** Does the work that a CHALLENGE_REQUIRED asks for, as the ALTCHA widget does: the text for `challenge_solution`. */
export async function solvePuzzle(puzzle: string): Promise<string> {
  const challenge = JSON.parse(puzzle) as Challenge;
  const solution = await solveChallenge({ challenge, deriveKey });
  if (solution === null) throw new Error('the puzzle was not solved in time');
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
