import { text } from 'node:stream/consumers';
import { runGrpcCall } from './grpc/run-grpc-call.ts';

process.exitCode = await runGrpcCall(process.argv.slice(2), {
  out: console.log,
  err: console.error,
  readInput: () => text(process.stdin),
});
