export {
  type CertificateAuthority,
  type CertificateRequest,
  createCertificateAuthority,
  type IssuedCertificate,
} from './certificate-authority.ts';
export { createSecretFolder, type SecretFolder, toCertificateFiles } from './secret-folder.ts';
