import { compactDecrypt } from 'jose';

/** The code inside identity's compact JWE (dir, A256GCM). Throws when it was not sealed with this key. */
export async function openCode(sealed: string, key: Uint8Array): Promise<string> {
  const { plaintext } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return new TextDecoder().decode(plaintext);
}
