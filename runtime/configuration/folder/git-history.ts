import { execFileSync } from 'node:child_process';
import { extname } from 'node:path';
import type { Json } from '@millrace/contract';
import { watchedDigest } from '../conflicts.ts';
import { partOf } from '../kinds.ts';
import { type FolderFiles, partsIn } from './files-of.ts';
import { pathOfPart } from './paths.ts';

/** Commits of a part that are looked at, the newest first. */
const mostCommits = 1000;

/** Whether a part of the folder was once so, in what git has of its present state and all before it. Nothing without git. */
export function committedBefore(folder: string): (part: string, digest: string) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  return (part, digest) => {
    const digests = known.get(part) ?? new Set(digestsOf(folder, part));
    known.set(part, digests);
    return digests.has(digest);
  };
}

function digestsOf(folder: string, part: string): string[] {
  const { kind, place } = partOf(part);
  const base = pathOfPart(place);
  const path = kind.files.main.startsWith('/') ? base : base + kind.files.main;
  return trees(folder, path).flatMap((files) => {
    const value: Json | undefined = partsIn(files).parts[part];
    return value === undefined ? [] : [watchedDigest(kind, value)];
  });
}

/** What the files under a path were, in each commit that has changed them. */
function trees(folder: string, path: string): FolderFiles[] {
  const commits = git(folder, [
    'log',
    '--full-history',
    `--max-count=${mostCommits}`,
    '--format=%H',
    'HEAD',
    '--',
    path,
  ]);
  const listed = commits.split('\n').filter((commit) => commit !== '');
  return listed.map((commit) => blobsIn(folder, commit, path)).map((blobs) => texts(folder, blobs));
}

interface Blob {
  readonly id: string;
  readonly path: string;
}

function blobsIn(folder: string, commit: string, path: string): Blob[] {
  const entries = git(folder, ['ls-tree', '-r', '-z', commit, '--', path]).split('\0');
  return entries.flatMap((entry) => {
    const [, id, file] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
    return id !== undefined && file !== undefined && ['.json', '.jsonata'].includes(extname(file))
      ? [{ id, path: file }]
      : [];
  });
}

function texts(folder: string, blobs: readonly Blob[]): FolderFiles {
  return Object.fromEntries(blobs.map(({ id, path }) => [path, git(folder, ['cat-file', 'blob', id])]));
}

/** Nothing where there is no git, no repository, or no commit. */
function git(folder: string, args: readonly string[]): string {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio, maxBuffer: 64 * 1024 * 1024 });
  } catch {
    return '';
  }
}
