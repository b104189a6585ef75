// npm run format: puts code and protos into the one shape that `npm run check` asks for.
import { ensureTools, run, tool } from './tools.ts';

ensureTools();
run(tool('biome'), ['check', '--write', '.']);
run(tool('buf'), ['format', '--write', 'proto']);
