import { type Entry, fitsGlob } from '@millrace/file-exchange';

/** Names under which others write what is not whole yet, besides hidden ones. */
const unfinished = /\.(?:tmp|part|partial|filepart|crdownload)$/i;

/** Files of the inbox that the watch is for, oldest first. Links, pipes and folders are neither followed nor moved. */
export function awaited(entries: readonly Entry[], pattern: string): Entry[] {
  return oldestFirst(
    entries.filter(
      ({ kind, name }) => kind === 'file' && !name.startsWith('.') && !unfinished.test(name) && fitsGlob(pattern, name),
    ),
  );
}

export function oldestFirst<T extends Entry>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : 1));
}
