export interface ProviderErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later. */
  isRetryable: boolean;
  /** Whether the provider may have taken the message all the same: the request has left, and no answer tells. */
  mayHaveActed?: boolean | undefined;
  status?: number | undefined;
  /** What the provider asked us to wait. */
  retryAfterMs?: number | undefined;
}

/** A call after which the message is not known to be taken. The message is for logs and events: it holds no personal data. */
export class ProviderError extends Error {
  readonly isRetryable: boolean;
  readonly mayHaveActed: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ProviderErrorOptions) {
    super(message, options);
    this.name = 'ProviderError';
    this.isRetryable = options.isRetryable;
    this.mayHaveActed = options.mayHaveActed ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A ProviderError; anything else is a fault of ours and thrown again. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  throw error;
}
