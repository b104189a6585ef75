import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseName, databaseNames } from '../infrastructure/databases.ts';

/** Where the secrets lie in the data folder. */
export const secretsFile = 'secrets.json';

/** What the parts of one system share and nobody else knows; random, made at the first start. */
export interface Secrets {
  databasePasswords: Record<DatabaseName, string>;
  /** 32 bytes, base64url: hides one-time codes on their way from identity to notify. */
  otpEnvelopeKey: string;
}

/** Reads the secrets of the data folder, or makes them. */
export async function loadSecrets(dataFolder: string): Promise<Secrets> {
  const file = join(dataFolder, secretsFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Secrets;
  const secrets = createSecrets();
  await writeFile(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function createSecrets(): Secrets {
  const passwords = databaseNames.map((name) => [name, randomBytes(18).toString('base64url')]);
  return {
    databasePasswords: Object.fromEntries(passwords) as Record<DatabaseName, string>,
    otpEnvelopeKey: randomBytes(32).toString('base64url'),
  };
}
