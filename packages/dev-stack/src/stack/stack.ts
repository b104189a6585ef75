import type { CertificateFiles } from '@mawid/rpc';
import type { DatabaseName } from '../infrastructure/databases.ts';
import type { ManagedProcess } from '../processes/program.ts';
import type { Ports } from './ports.ts';

/** The programs of a system, by the name that its logs carry. */
export type ProgramName = DatabaseName | 'gateway' | 'moyasar' | 'messages';

/** How to start a system. */
export interface StackOptions {
  /** Keeps everything: databases, streams, secrets, logs. Made when it does not exist. */
  dataFolder: string;
  /** `fixed`: those of the documentation, moved by their settings. `auto`: free ones. */
  ports: 'fixed' | 'auto';
  /** Settings for every program; they win over what the stack sets. */
  env?: Record<string, string>;
  /** Lets gRPC speak mutual TLS: the files of each service, of the gateway, and of `ops` for the seed. */
  certificates?: Readonly<Partial<Record<ProgramName | 'ops', CertificateFiles>>>;
  /** Forget all data first. */
  fresh?: boolean;
  /** Whether PostgreSQL waits for the disk at each commit. Default true. */
  durable?: boolean;
  /** Fill an empty system with salons and accounts. Default true. */
  seed?: boolean;
  /** Called with every line that a program writes. */
  onLine?: (program: ProgramName, line: string) => unknown;
}

/** A whole system that runs on this machine. */
export interface Stack {
  ports: Ports;
  urls: {
    gateway: string;
    moyasar: string;
    messages: string;
    /** The HTTP address of each service: Connect, health; metrics under /metrics. */
    http: Record<DatabaseName, string>;
  };
  /** `host:port` of each service's gRPC server. */
  grpc: Record<DatabaseName, string>;
  /** Each owner's URL, for tests that look behind the services. */
  databaseUrls: Record<DatabaseName, string>;
  natsUrl: string;
  processes: Record<ProgramName, ManagedProcess>;
  /** The four services among the processes. */
  services: Record<DatabaseName, ManagedProcess>;
  /** Resolves when every outbox is empty and every consumer has handled what there is; rejects after the time. */
  settled(timeoutMs?: number): Promise<void>;
  /** Stops everything in reverse. Harmless when called again. */
  close(): Promise<void>;
}
