import { join, resolve } from 'node:path';

/** The folder that holds package.json of the whole repository. */
export const repositoryRoot: string = resolve(import.meta.dirname, '../../..');

/** What can be fetched again at any time: programs unpacked for this machine. Ignored by git. */
export const cacheFolder: string = join(repositoryRoot, '.cache');

/** Where `npm start` keeps its databases, streams, keys and logs. Ignored by git. */
export const defaultDataFolder: string = join(repositoryRoot, '.mawid');
