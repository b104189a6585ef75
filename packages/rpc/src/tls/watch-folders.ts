import { type FSWatcher, watch } from 'node:fs';

/** Watches that end with `close()`. */
export interface FolderWatch {
  /** Watches anew: a folder that was replaced is another one to the system. */
  renew(): void;
  close(): void;
}

/**
 * Tells when an entry of one of the folders changes. Folders and not files: Kubernetes replaces mounted secrets by renaming
 * the link `..data` beside them. What the system cannot watch is left out; callers look by themselves now and then.
 */
export function watchFolders(folders: readonly string[], onEvent: () => void): FolderWatch {
  let watchers: FSWatcher[] = [];

  function close(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  }

  function renew(): void {
    close();
    watchers = [...new Set(folders)].flatMap((folder) => open(folder, onEvent) ?? []);
  }

  renew();
  return { renew, close };
}

function open(folder: string, onEvent: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
