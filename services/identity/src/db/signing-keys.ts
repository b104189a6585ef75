import type { JWK } from 'jose';
import type { KeyTimes } from '../domain/signing-keys.ts';
import type { PrismaClient } from './generated/client.ts';

export interface StoredKey extends KeyTimes {
  kid: string;
  publicJwk: JWK;
  sealedPrivateKey: Uint8Array;
}

export async function listSigningKeys(prisma: PrismaClient): Promise<StoredKey[]> {
  const rows = await prisma.signingKey.findMany({ orderBy: { generation: 'asc' } });
  return rows.map(({ generation, activeFrom, kid, publicJwk, sealedPrivateKey }) => ({
    generation,
    activeFrom,
    kid,
    publicJwk: publicJwk as JWK,
    sealedPrivateKey,
  }));
}

/** Keeps a key, unless another process has made the one of this generation. */
export async function insertSigningKey(prisma: PrismaClient, key: StoredKey, now: Date): Promise<void> {
  const { generation, activeFrom, kid } = key;
  const publicJwk = { ...key.publicJwk } as Record<string, string>;
  const sealedPrivateKey = new Uint8Array(key.sealedPrivateKey);
  await prisma.signingKey.createMany({
    data: [{ generation, kid, publicJwk, sealedPrivateKey, activeFrom, createdAt: now }],
    skipDuplicates: true,
  });
}
