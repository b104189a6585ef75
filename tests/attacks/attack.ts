import { solvePuzzle } from './solve-puzzle.ts';
import { createTally, type Outcome, type Tally } from './tally.ts';
import type { CodeAnswer, CodeOrder, Damage, Target } from './target.ts';

/** What an attack has come to. */
export interface AttackResult {
  readonly name: string;
  /** Codes that were asked for, and guesses that were sent. */
  readonly requests: Tally;
  readonly guesses: Tally;
  /** Puzzles that the attacker did the work of. */
  readonly solved: number;
  /** What the system let happen. */
  readonly damage: Damage;
  /** For the table: how the same ends where limits are per code and per address. */
  readonly elsewhere: string;
}

/** What an attack does its work with. */
export interface Assault {
  /** Asks for a code, and does the work of a puzzle where the attacker is one who does. */
  requestCode(order: CodeOrder): Promise<CodeAnswer>;
  /** Sends so many guesses at the code of a request, each another one. */
  guess(requestId: string, count: number, address: string): Promise<void>;
}

export interface Plan {
  readonly name: string;
  readonly elsewhere: string;
  readonly target: Target;
  /** Whether puzzles are solved. Default false. */
  readonly solves?: boolean;
}

/** Runs an attack and tells what it has come to: the damage is what it has added. */
export async function runAttack(plan: Plan, run: (assault: Assault) => Promise<void>): Promise<AttackResult> {
  const { name, elsewhere, target, solves = false } = plan;
  const [requests, guesses] = [createTally(), createTally()];
  let solved = 0;
  const requestCode = async (order: CodeOrder): Promise<CodeAnswer> => {
    const answer = await target.requestCode(order);
    requests.count(answer.outcome);
    if (answer.puzzle === undefined || !solves || order.solution !== undefined) return answer;
    solved += 1;
    return requestCode({ ...order, solution: await solvePuzzle(answer.puzzle) });
  };
  const guess = async (requestId: string, count: number, address: string): Promise<void> => {
    for (const code of guessesOf(requestId, count)) guesses.count(await target.verify({ requestId, code, address }));
  };
  const before = await target.readDamage();
  await run({ requestCode, guess });
  return { name, requests, guesses, solved, damage: minus(await target.readDamage(), before), elsewhere };
}

/** The outcomes in words: `CODE_BUDGET_SPENT 45, CHALLENGE_REQUIRED 12`. */
export function tellRefusals({ requests, guesses }: AttackResult): string {
  const all: (readonly [Outcome, number])[] = [...requests.refusals(), ...guesses.refusals()];
  return all.map(([outcome, count]) => `${outcome} ${count}`).join(', ') || 'none';
}

// As a program would go through all of them, from a place of its own for each code.
function guessesOf(requestId: string, count: number): string[] {
  const start = Number.parseInt(requestId.replaceAll('-', '').slice(-8), 16);
  return Array.from({ length: count }, (_, index) => String((start + index) % 1_000_000).padStart(6, '0'));
}

const minus = (after: Damage, before: Damage): Damage => ({
  sent: after.sent - before.sent,
  guesses: after.guesses - before.guesses,
  halalas: after.halalas - before.halalas,
});
