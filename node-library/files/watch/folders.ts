import { confinedFolder, within } from '@millrace/file-exchange';

/** The watched folder and those in it, relative to the connection's. */
export interface Folders {
  readonly inbox: string;
  /** Files that were taken out of the inbox and are not settled yet. */
  readonly processing: string;
  readonly archive: string;
  readonly error: string;
}

/** @param day `2026-03-02`: the archive has a folder for each day */
export function foldersOf(folder: string, day: string | undefined): Folders {
  const inbox = confinedFolder(folder);
  const archive = within(inbox, 'archive');
  return {
    inbox,
    processing: within(inbox, '.millrace-processing'),
    archive: day === undefined ? archive : within(archive, day),
    error: within(inbox, 'error'),
  };
}
