import type { CertificateFiles } from '@mawid/rpc';
import { ConfigError } from './load-settings.ts';
import { setting } from './setting.ts';

/** The setting that names each file. */
export const certificateSettings: Readonly<Record<keyof CertificateFiles, keyof CertificateValues>> = {
  certFile: 'TLS_CERT_FILE',
  keyFile: 'TLS_KEY_FILE',
  caFile: 'TLS_CA_FILE',
};

interface CertificateValues {
  TLS_CERT_FILE?: string | undefined;
  TLS_KEY_FILE?: string | undefined;
  TLS_CA_FILE?: string | undefined;
}

/** A file's path, or nothing. */
export const optionalFile = () => setting.text().optional();

/** The files of mutual TLS; undefined when none is set, for plain text. Throws ConfigError when only some are. */
export function toCertificateFiles(values: CertificateValues): CertificateFiles | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: caFile } = values;
  if (certFile !== undefined && keyFile !== undefined && caFile !== undefined) return { certFile, keyFile, caFile };
  const missing = Object.values(certificateSettings).filter((name) => values[name] === undefined);
  if (missing.length === 3) return undefined;
  throw new ConfigError(missing.map((name) => `${name} is not set, as the other files of TLS are`));
}
