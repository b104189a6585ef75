export interface ProviderErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later. */
  isRetryable: boolean;
  /** Whether the provider may have done what was asked, although it did not say so. */
  mayHaveActed: boolean;
  status?: number | undefined;
}

/** A call to the provider that did not bring its answer. The message is for logs. */
export class ProviderError extends Error {
  readonly isRetryable: boolean;
  readonly mayHaveActed: boolean;
  readonly status: number | undefined;

  constructor(message: string, options: ProviderErrorOptions) {
    super(message, options);
    this.name = 'ProviderError';
    this.isRetryable = options.isRetryable;
    this.mayHaveActed = options.mayHaveActed;
    this.status = options.status;
  }
}

/** A ProviderError; anything else is a fault of ours and thrown again. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  throw error;
}
