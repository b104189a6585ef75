// npm run release-contract: keeps the contract of a release, which `npm run check` compares later ones with.
import { ensureTools, run, tool } from './tools.ts';

ensureTools();
run(tool('buf'), ['build', '--path', 'proto/mawid', '--output', 'proto/released.binpb']);
