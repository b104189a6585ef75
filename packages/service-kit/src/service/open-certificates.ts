import { CertificateError, type CertificateFiles, type Certificates, openCertificates } from '@mawid/rpc';
import { certificateSettings } from '../config/certificate-files.ts';
import { ConfigError } from '../config/load-settings.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

interface Tools {
  /** The service that the certificate must name. */
  name: string;
  logger: Logger;
  telemetry: Telemetry;
}

/**
 * The certificates of a process, measured and watched for changes; undefined without files. Throws ConfigError, which names
 * the setting, when they cannot be used.
 */
export function openProcessCertificates(
  files: CertificateFiles | undefined,
  { name, logger, telemetry }: Tools,
): Certificates | undefined {
  if (files === undefined) return undefined;
  const { certificateExpiry, certificateReloads } = telemetry.instruments;
  try {
    const certificates = openCertificates(files, {
      name,
      onReload({ serialNumber, expiresAt }) {
        certificateReloads.inc({ outcome: 'loaded' });
        certificateExpiry.set(expiresAt / 1000);
        logger.info({ serial_number: serialNumber, expires_at: new Date(expiresAt) }, 'new certificates in use');
      },
      onError(error) {
        certificateReloads.inc({ outcome: 'refused' });
        logger.error(
          { setting: certificateSettings[error.part], problem: error.message },
          'certificates are not usable',
        );
      },
    });
    certificateExpiry.set(certificates.current.expiresAt / 1000);
    return certificates;
  } catch (error) {
    if (error instanceof CertificateError)
      throw new ConfigError([`${certificateSettings[error.part]} ${error.message}`]);
    throw error;
  }
}
