import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '@millrace/contract';
import { watchedDigest } from '../conflicts.ts';
import { partOf } from '../kinds.ts';
import { isBundle } from './folder.ts';
import { committedBefore } from './git-history.ts';

/**
 * Which states of the tenant's parts a folder was made of: what was pulled here or pushed from here last, which lies beside it
 * in `.millrace` and is not kept in git, and all that git has of the folder. So people's edits merge in git without anything
 * of ours in the way, and a fresh clone knows as much as the one it was made of.
 */
export interface Seen {
  /** Digests by part. */
  readonly noted: Readonly<Record<string, readonly string[]>>;
  /** Whether the part was once so. */
  has(part: string, digest: string): boolean;
}

export function seenBy(path: string): Seen {
  const noted = readNoted(path);
  const history = isBundle(path) ? () => false : committedBefore(path);
  return {
    noted: Object.fromEntries(Object.entries(noted).map(([part, digest]) => [part, [digest]])),
    has: (part, digest) => noted[part] === digest || history(part, digest),
  };
}

/** The tenant has, or has just got, what the folder says. */
export function noteSeen(path: string, parts: JsonObject): void {
  const file = noteOf(path);
  const digests = Object.entries(parts).map(([part, value]) => [part, watchedDigest(partOf(part).kind, value)]);
  const seen = { ...readNoted(path), ...Object.fromEntries(digests) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(dirname(file), '.gitignore'), '*\n');
  writeFileSync(file, `${JSON.stringify(seen, undefined, 2)}\n`);
}

function readNoted(path: string): Readonly<Record<string, string>> {
  const file = noteOf(path);
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Written halfway: what was seen is not known any more.
    return {};
  }
}

function noteOf(path: string): string {
  return isBundle(path) ? join(dirname(path), '.millrace', 'seen-bundle.json') : join(path, '.millrace', 'seen.json');
}
