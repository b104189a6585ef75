import { runStandin } from '../shared/run-standin.ts';
import { loadConfig } from './config.ts';
import { startMoyasarStandin } from './start-moyasar-standin.ts';

await runStandin('moyasar-standin', () => startMoyasarStandin(loadConfig(process.env)));
