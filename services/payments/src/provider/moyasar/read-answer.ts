import type { z } from 'zod';
import { ProviderError } from '../provider-error.ts';
import { errorSchema } from './schemas.ts';

// A connection that was never made cannot have asked for anything.
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** The value of a 2xx answer; throws ProviderError for everything else. */
export async function readAnswer<S extends z.ZodType>(response: Response, schema: S): Promise<z.infer<S>> {
  const body = parseJson(await readText(response));
  if (!response.ok) throw toRefusal(response.status, body);
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.code}`).join(', ');
  const status = response.status;
  throw new ProviderError(`an answer that cannot be read: ${problems}`, {
    isRetryable: true,
    mayHaveActed: true,
    status,
  });
}

/** The error of a call that brought no answer at all. */
export function toNetworkError(cause: unknown): ProviderError {
  const code = (cause as { cause?: { code?: string } }).cause?.code ?? '';
  const text = `no answer: ${code || (cause instanceof Error ? cause.name : String(cause))}`;
  return new ProviderError(text, { isRetryable: true, mayHaveActed: !neverSent.has(code), cause });
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw toNetworkError(error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toRefusal(status: number, body: unknown): ProviderError {
  const envelope = errorSchema.safeParse(body);
  const text = envelope.success ? toText(envelope.data) : 'not JSON';
  // The firewall before the API answers 403 in HTML; that says nothing about our key, nor about the call.
  const isFirewall = status === 403 && !envelope.success;
  // 408 comes from a proxy that had no answer from what is behind it, or not all of the request.
  const mayHaveActed = status === 408 || status >= 500;
  return new ProviderError(`${status}: ${text}`, {
    isRetryable: mayHaveActed || status === 429 || isFirewall,
    mayHaveActed,
    status,
  });
}

function toText({ type, message, errors }: z.infer<typeof errorSchema>): string {
  const details = errors === null || errors === undefined ? '' : JSON.stringify(errors).slice(0, 300);
  return [type, message, details].filter(Boolean).join(' ');
}
