import { createHash } from 'node:crypto';
import {
  type DescMessage,
  type DescMethod,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import type { Database, Queryable, Transaction } from '../database/types.ts';
import { refuse } from '../errors/refuse.ts';
import { callHeader } from './call-headers.ts';
import { type Caller, callerOf } from './caller.ts';

export interface IdempotentCall<D extends DescMessage> {
  method: DescMethod;
  request: Message;
  /** Schema of the answer, `method.output`. */
  response: D;
  /** How often the transaction is run again after a deadlock; never when absent. */
  retries?: number;
}

/** The key of a call: per method and user (else calling service, else address). */
export interface IdempotencyKey {
  userId: string;
  method: string;
  key: string;
  /** Of the request. */
  hash: Buffer;
}

/** How long a second request with a key waits for the first, in milliseconds. */
export const idempotencyWaitMs = 2_000;
const longestKey = 255;

/**
 * Runs `effect` in a transaction, once per idempotency key of the caller: the key is written in the same transaction, so it is
 * kept exactly when the effect is. The same key and request get the first answer again, with the header
 * `idempotency-replayed: true`; another request IDEMPOTENCY_KEY_REUSED; one whose first attempt still runs
 * IDEMPOTENCY_IN_PROGRESS. Without a key the effect just runs.
 */
export function runIdempotent<D extends DescMessage>(
  database: Database,
  context: HandlerContext,
  call: IdempotentCall<D>,
  effect: (tx: Transaction) => Promise<MessageShape<D>>,
): Promise<MessageShape<D>> {
  const key = toIdempotencyKey(context, call);
  const { response, retries = 0 } = call;
  if (!key) return database.transaction(effect, { retries });
  const once = async (tx: Transaction) => {
    if (!(await insertKey(tx, key))) return replayAnswer(tx, key, { context, schema: response });
    const answer = await effect(tx);
    await storeAnswer(tx, key, toBinary(response, answer));
    return answer;
  };
  return database.transaction(once, { retries });
}

/**
 * The key that the call came with, if any; throws VALIDATION_FAILED for one that is too long. For effects that write the row
 * of `idempotency_keys` in a statement of their own: the row before the effect, under a `lock_timeout` of
 * `idempotencyWaitMs`, and its answer in the same transaction.
 */
export function toIdempotencyKey(
  context: HandlerContext,
  { method, request }: { method: DescMethod; request: Message },
): IdempotencyKey | undefined {
  const caller = callerOf(context);
  const key = caller.idempotencyKey;
  if (key === undefined) return undefined;
  if (key.length > longestKey) {
    throw refuse('VALIDATION_FAILED', { fields: [{ field: 'idempotency_key', reason: 'string.max_len' }] });
  }
  return {
    userId: ownerOf(caller),
    method: `${method.parent.typeName}/${method.name}`,
    key,
    hash: createHash('sha256').update(toBinary(method.input, request)).digest(),
  };
}

// Those who come without a token through one gateway are many: its name must not make them one.
function ownerOf({ kind, userId, peer, address }: Caller): string {
  return userId ?? (kind === 'service' ? peer : undefined) ?? `anonymous:${address ?? ''}`;
}

async function insertKey(tx: Transaction, { userId, method, key, hash }: IdempotencyKey): Promise<boolean> {
  await setLockTimeout(tx, String(idempotencyWaitMs));
  const inserted = await tx
    .query({
      name: 'idempotency.insert',
      text: `INSERT INTO idempotency_keys (user_id, method, key, request_hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, method, key) DO NOTHING`,
      values: [userId, method, key, hash],
    })
    .catch(toInProgress);
  await setLockTimeout(tx, '0');
  return inserted.rowCount === 1;
}

/**
 * Throws IDEMPOTENCY_IN_PROGRESS for the error of a statement that waited too long for the row of the first attempt, and
 * every other error as it is.
 */
export function toInProgress(error: unknown): never {
  if ((error as { code?: string }).code !== '55P03') throw error;
  throw inProgress(error);
}

const inProgress = (cause?: unknown) => refuse('IDEMPOTENCY_IN_PROGRESS', { retryAfterSeconds: 1, cause });

function setLockTimeout(tx: Transaction, value: string) {
  const text = `SELECT set_config('lock_timeout', $1, true)`;
  return tx.query({ name: 'idempotency.lock_timeout', text, values: [value] });
}

/** The first answer to a key that is known, with the header that says so; throws as `runIdempotent` does. */
export async function replayAnswer<D extends DescMessage>(
  on: Queryable,
  key: IdempotencyKey,
  answer: { context: HandlerContext; schema: D },
): Promise<MessageShape<D>> {
  const found = await findAnswer(on, key, answer);
  if (!found) throw inProgress();
  return found;
}

/** As `replayAnswer`, or undefined when no call with the key has been answered. */
export async function findAnswer<D extends DescMessage>(
  on: Queryable,
  { userId, method, key, hash }: IdempotencyKey,
  { context, schema }: { context: HandlerContext; schema: D },
): Promise<MessageShape<D> | undefined> {
  const { rows } = await on.query<{ request_hash: Buffer; response: Buffer | null }>({
    name: 'idempotency.find',
    text: 'SELECT request_hash, response FROM idempotency_keys WHERE user_id = $1 AND method = $2 AND key = $3',
    values: [userId, method, key],
  });
  const [row] = rows;
  if (!row?.response) return undefined;
  if (!row.request_hash.equals(hash)) throw refuse('IDEMPOTENCY_KEY_REUSED');
  context.responseHeader.set(callHeader.idempotencyReplayed, 'true');
  return fromBinary(schema, row.response);
}

async function storeAnswer(
  tx: Transaction,
  { userId, method, key }: IdempotencyKey,
  answer: Uint8Array,
): Promise<void> {
  await tx.query({
    name: 'idempotency.store',
    text: 'UPDATE idempotency_keys SET response = $4 WHERE user_id = $1 AND method = $2 AND key = $3',
    values: [userId, method, key, Buffer.from(answer)],
  });
}
