import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataFolder } from '../paths.ts';

/** What `npm start -- …` may say. */
export interface StartArguments {
  fresh: boolean;
  ports: 'fixed' | 'auto';
  dataFolder: string;
  help: boolean;
}

export const startUsage = `npm start [-- options]
  --fresh          forget all data first
  --ports auto     take free ports and print them as JSON on one line (default: fixed)
  --data <folder>  keep the data there (default: .mawid)
  --help           print this`;

/** Reads the arguments. Throws an error with a one-line message when they make no sense. */
export function parseStartArguments(args: readonly string[]): StartArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean', default: false },
      ports: { type: 'string', default: 'fixed' },
      data: { type: 'string', default: defaultDataFolder },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.ports !== 'fixed' && values.ports !== 'auto') {
    throw new Error(`--ports must be fixed or auto, not '${values.ports}'`);
  }
  if (values.data === '') throw new Error('--data needs a folder');
  return { fresh: values.fresh, ports: values.ports, dataFolder: resolve(values.data), help: values.help };
}
