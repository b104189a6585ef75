import { runStandin } from '../shared/run-standin.ts';
import { loadConfig } from './config.ts';
import { startMessagesStandin } from './start-messages-standin.ts';

await runStandin('messages-standin', () => startMessagesStandin(loadConfig(process.env)));
