import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateFiles } from '../tls/certificate-error.ts';
import type { IssuedCertificate } from './certificate-authority.ts';

/** A folder as Kubernetes mounts a secret: `tls.crt` → `..data/tls.crt`, `..data` → a folder that is never changed. */
export interface SecretFolder {
  readonly path: string;
  readonly files: CertificateFiles;
  /** Replaces all three files at once. */
  replace(certificate: Pick<IssuedCertificate, 'cert' | 'key'>, ca: string): Promise<void>;
  remove(): Promise<void>;
}

const names = ['tls.crt', 'tls.key', 'ca.crt'] as const;

/** Makes such a folder in the system's folder for temporary files, or at `path`. */
export async function createSecretFolder(
  certificate: Pick<IssuedCertificate, 'cert' | 'key'>,
  ca: string,
  path?: string,
): Promise<SecretFolder> {
  if (path !== undefined) await mkdir(path, { recursive: true });
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'mawid-secret-')));
  let version = 0;

  async function replace({ cert, key }: Pick<IssuedCertificate, 'cert' | 'key'>, authorities: string): Promise<void> {
    version += 1;
    const data = join(folder, `..${version}`);
    await mkdir(data);
    const contents = [cert, key, authorities];
    await Promise.all(names.map((name, i) => writeFile(join(data, name), contents[i] ?? '', { mode: 0o600 })));
    await symlink(`..${version}`, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    if (version > 1) await rm(join(folder, `..${version - 1}`), { recursive: true });
  }

  await replace(certificate, ca);
  for (const name of names) await symlink(`..data/${name}`, join(folder, name));
  return {
    path: folder,
    files: toCertificateFiles(folder),
    replace,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The files of a folder by the names that cert-manager gives them. */
export function toCertificateFiles(folder: string): CertificateFiles {
  return { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key'), caFile: join(folder, 'ca.crt') };
}
