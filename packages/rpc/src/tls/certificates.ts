import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CertificateError, type CertificateFiles } from './certificate-error.ts';
import { type KeyMaterial, type Pems, toKeyMaterial } from './key-material.ts';
import { watchFolders } from './watch-folders.ts';

/** The certificates of a process, always the newest that are good. One for all servers and transports; whoever opens it closes it. */
export interface Certificates {
  readonly current: KeyMaterial;
  /** Calls `listener` at each change until the returned function is called. */
  onChange(listener: (material: KeyMaterial) => void): () => void;
  /** Stops watching the files. */
  close(): void;
}

export interface CertificateOptions {
  /** The service that the certificate must name; by default any. */
  name?: string;
  /** Longest time after which a change is seen where the system tells of none, 30000 (± 20 %). */
  pollMs?: number;
  /** Is told of new certificates that are in use from now on. */
  onReload?: (material: KeyMaterial) => void;
  /** Is told once of each problem with what the files hold now; the last good certificates stay in use. */
  onError?: (error: CertificateError) => void;
}

/** Time for a writer to finish with all three files. */
const settleMs = 100;

const parts = ['certFile', 'keyFile', 'caFile'] as const;

/** Reads the files now and again at each change, without a restart. Throws CertificateError when they are not good at first. */
export function openCertificates(files: CertificateFiles, options: CertificateOptions = {}): Certificates {
  let current = toMaterial(readNow(files), options);
  let problem: string | undefined;
  let closed = false;
  let running = false;
  let pending: NodeJS.Timeout | undefined;
  const listeners = new Set<(material: KeyMaterial) => void>();
  const watch = watchFolders(Object.values(files).map(dirname), schedule);
  let poll = startPoll();

  function schedule(): void {
    if (!closed) pending ??= setTimeout(reload, settleMs).unref();
  }

  function startPoll(): NodeJS.Timeout {
    const wait = (options.pollMs ?? 30_000) * (0.8 + 0.4 * Math.random());
    return setTimeout(() => {
      poll = startPoll();
      watch.renew();
      schedule();
    }, wait).unref();
  }

  async function reload(): Promise<void> {
    pending = undefined;
    // What has changed since the other one began to read must be read again.
    if (running) return schedule();
    running = true;
    try {
      const pems = await readLater(files);
      if (!closed) take(pems);
    } catch (error) {
      if (!closed) report(error as CertificateError);
    } finally {
      running = false;
    }
  }

  function take(pems: Pems): void {
    if (parts.every((part) => pems[part].equals(current.pems[part]))) {
      if (current.expiresAt <= Date.now()) throw new CertificateError('certFile', 'has expired and was not renewed');
      problem = undefined;
      return;
    }
    current = toMaterial(pems, options);
    problem = undefined;
    for (const listener of listeners) listener(current);
    options.onReload?.(current);
  }

  function report(error: CertificateError): void {
    const text = `${error.part} ${error.message}`;
    if (text === problem) return;
    problem = text;
    options.onError?.(error);
  }

  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(pending);
      clearTimeout(poll);
      watch.close();
    },
  };
}

function toMaterial(pems: Pems, { name }: CertificateOptions): KeyMaterial {
  const material = toKeyMaterial(pems, Date.now());
  if (name !== undefined && material.identity.name !== name) {
    throw new CertificateError('certFile', `names the service ${material.identity.name}, not ${name}`);
  }
  return material;
}

function readNow(files: CertificateFiles): Pems {
  const read = parts.map((part) => {
    try {
      return [part, readFileSync(files[part])] as const;
    } catch (error) {
      throw toUnreadable(part, error);
    }
  });
  return Object.fromEntries(read) as unknown as Pems;
}

async function readLater(files: CertificateFiles): Promise<Pems> {
  const read = parts.map(async (part) => {
    const content = await readFile(files[part]).catch((error: unknown) => {
      throw toUnreadable(part, error);
    });
    return [part, content] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as unknown as Pems;
}

function toUnreadable(part: keyof CertificateFiles, error: unknown): CertificateError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return new CertificateError(part, `cannot be read (${code})`, { cause: error });
}
