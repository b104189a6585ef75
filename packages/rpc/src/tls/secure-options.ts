import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/** Without tickets each connection proves its certificates anew: a resumed one would skip that. */
export const secureOptions: SecureContextOptions = {
  minVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_TICKET,
};
