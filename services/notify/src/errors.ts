import { refuse } from '@mawid/service-kit';

/** Everything that notify can refuse a call for; codes and texts are in the `errors.proto` files. */
export const errors = {
  pageTokenInvalid: () => refuse('PAGE_TOKEN_INVALID'),
} as const;
