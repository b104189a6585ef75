/** What is wrong with one field. `reason` is an ErrorReason of ours, a rule of protovalidate, or a rule of the JSON profile. */
export interface Violation {
  readonly field: string;
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** English text of whoever refused, for rules that have none here. */
  readonly description?: string | undefined;
}

/** Why a request is not answered with what it asked for; {@link renderProblem} makes the answer of it. */
export interface RefusalDetails {
  readonly status: number;
  /** Texts from another build's errors, used where this one has none for the code. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly Violation[];
  readonly retryAfterSeconds?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal by a reason of the contract. The gateway throws its own; those of services are translated into it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The reason, e.g. `SLOT_TAKEN`. */
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(code: string, details: RefusalDetails, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.details = details;
  }
}
