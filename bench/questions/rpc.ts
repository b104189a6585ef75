import { type Child, startChild } from '../src/child.ts';
import type { Candidate, Comparison } from '../src/compare.ts';
import type { Load } from '../src/measure.ts';
import type { Timing } from '../src/repeat.ts';

export const question =
  'What does a unary call cost above bare grpc-js? An echo of 300 bytes, client and server by the same library';
export const load: Load = { rounds: 7, requests: 4_000, concurrency: 16 };

const libraries = { 'bare grpc-js': 'grpc', 'packages/rpc': 'ours', 'connect-node gRPC': 'connect' } as const;

/** All serialize with protobuf-es, so that only what carries the bytes differs. */
export async function start(profileFolder: string | undefined): Promise<Comparison> {
  const pairs = Object.entries(libraries).map(([name, library]) => startPair(name, library, profileFolder));
  const candidates = await Promise.all(pairs);
  const close = async (): Promise<void> => {
    for (const candidate of candidates) await candidate.close();
  };
  return { candidates, reference: 'bare grpc-js', counted: ['client', 'server'], close };
}

async function startPair(name: string, library: string, profileFolder: string | undefined): Promise<Candidate> {
  const server = await startChild('rpc-server', { args: [library], profileFolder });
  const client: Child = await startChild('rpc-client', { args: [library, String(server.said.port)], profileFolder });
  return {
    name,
    processes: { client: client.pid, server: server.pid },
    run: (batch) => client.ask<Timing>(batch),
    async close() {
      await client.close();
      await server.close();
    },
  };
}
