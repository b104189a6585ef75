import type { Outcome } from './tally.ts';

/** The system under attack, as the attacker meets it, and what it did, as its operator sees it. */
export interface Target {
  requestCode(order: CodeOrder): Promise<CodeAnswer>;
  verify(guess: Guess): Promise<Outcome>;
  readDamage(): Promise<Damage>;
}

export interface CodeOrder {
  readonly phoneNumber: string;
  /** Where the client seems to be. */
  readonly address: string;
  /** Of the puzzle, where the attacker does the work. */
  readonly solution?: string | undefined;
}

export interface CodeAnswer {
  readonly outcome: Outcome;
  /** Empty where the request was refused. */
  readonly requestId: string;
  /** Of a refusal, in seconds; 0 where none was told. */
  readonly retryAfter: number;
  /** Of CHALLENGE_REQUIRED. */
  readonly puzzle: string | undefined;
}

export interface Guess {
  readonly requestId: string;
  readonly code: string;
  readonly address: string;
}

/** So much since the system began. */
export interface Damage {
  /** Messages that somebody pays for. */
  readonly sent: number;
  /** Guesses that were compared with a code. */
  readonly guesses: number;
  readonly halalas: number;
}

export type Query = (text: string) => Promise<Record<string, unknown>[]>;

/** What a text to a Saudi number costs by the default of OTP_COSTS. */
export const halalasPerText = 12;

/** Reads from identity's database what an attack has cost. */
export async function readDamage(query: Query): Promise<Damage> {
  const [row = {}] = await query(
    `SELECT (SELECT count(*) FROM outbox WHERE subject = 'identity.otp.v1.requested') AS sent,
            (SELECT count(*) FROM audit_log
              WHERE kind = 'code_checked' AND (outcome = 'ok' OR details ->> 'cause' = 'wrong')) AS guesses`,
  );
  const sent = Number(row.sent);
  return { sent, guesses: Number(row.guesses), halalas: sent * halalasPerText };
}
