import { runMain } from './run-main.ts';
import { gateway } from './service.ts';

await runMain(gateway);
