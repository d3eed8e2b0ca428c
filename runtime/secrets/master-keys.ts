import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import type { MasterKey, MasterKeys } from './envelope.ts';
import { fileKeys } from './key-file.ts';

/** Where an instance's master keys come from. */
export interface KeyPlaces {
  /** Keys in base64, separated by commas. */
  readonly masterKey?: string;
  /** Prints keys in base64, a line each. */
  readonly masterKeyCommand?: string;
  /** Absolute path of a file with keys in base64, a line each: where neither of the others is given. */
  readonly masterKeyFile: string;
}

/** Reads the keys as they are now, the one that seals first. */
export interface KeySource {
  /** For people: a file's path, a variable. */
  readonly name: string;
  /** Where it is a file, to which a key can be added. */
  readonly file?: string;
  read(): readonly MasterKey[];
  /** Milliseconds for which what was read holds. */
  readonly pauseMs: number;
}

const commandPatienceMs = 30_000;
const commandPauseMs = 30_000;

/** @throws {MillraceError} `MASTER_KEY_INVALID` when what is there is no key, at each reading */
export function keySource({ masterKey, masterKeyCommand, masterKeyFile }: KeyPlaces): KeySource {
  if (masterKey !== undefined)
    return { name: 'MILLRACE_MASTER_KEY', read: () => keysIn(masterKey, 'MILLRACE_MASTER_KEY'), pauseMs: Infinity };
  if (masterKeyCommand !== undefined)
    return {
      name: 'MILLRACE_MASTER_KEY_COMMAND',
      read: () => keysIn(outputOf(masterKeyCommand), 'What MILLRACE_MASTER_KEY_COMMAND prints'),
      pauseMs: commandPauseMs,
    };
  const file = masterKeyFile;
  return { name: file, file, read: () => keysIn(fileKeys(file), file), pauseMs: 0 };
}

/**
 * The keys of a source, read again as they may have changed: a secret may be sealed under a key that another process has
 * just begun to use. A source that cannot be read for a moment leaves what is known.
 * @throws {MillraceError} `MASTER_KEY_INVALID` where it cannot be read the first time
 */
export function masterKeysOf({ read, pauseMs }: KeySource): MasterKeys {
  let keys = read();
  let readAt = performance.now();
  const readAgain = () => {
    if (performance.now() - readAt < pauseMs) return;
    readAt = performance.now();
    keys = readOr(keys, read);
  };
  const known = (id: string) => keys.find((key) => key.id === id);
  return {
    current() {
      readAgain();
      return keys[0] as MasterKey;
    },
    find(id) {
      if (!known(id)) readAgain();
      return known(id);
    },
    all() {
      readAgain();
      return keys;
    },
  };
}

/** A key and no other. */
export function onlyKey(key: MasterKey): MasterKeys {
  return { current: () => key, find: (id) => (id === key.id ? key : undefined), all: () => [key] };
}

/** What names a key, and tells nothing about it. */
export function masterKeyFrom(key: Buffer): MasterKey {
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key };
}

function readOr(known: readonly MasterKey[], read: KeySource['read']): readonly MasterKey[] {
  try {
    return read();
  } catch {
    return known;
  }
}

/** @throws {MillraceError} `MASTER_KEY_INVALID`; the text is not repeated */
function keysIn(text: string, name: string): MasterKey[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const keys = parts.map((part) => Buffer.from(part, 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length !== 32))
    throw new MillraceError('MASTER_KEY_INVALID', `${name} must hold keys of 32 bytes in base64, and does not.`, {
      category: 'auth',
    });
  return keys.map(masterKeyFrom);
}

/** Said on standard error it is for whoever runs the instance, and goes to its standard error. */
function outputOf(command: string): string {
  try {
    return execFileSync(command, {
      shell: true,
      encoding: 'utf8',
      timeout: commandPatienceMs,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch {
    // What the platform throws holds the output, which may be the key.
    throw new MillraceError('MASTER_KEY_INVALID', 'MILLRACE_MASTER_KEY_COMMAND fails, or takes longer than 30 s.', {
      category: 'auth',
    });
  }
}
