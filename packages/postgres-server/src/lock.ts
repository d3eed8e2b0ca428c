import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A lock between processes. It is SQLite's lock on an empty file: the operating system releases it when its holder
 * dies, however it dies, so that there is no stale lock to recognise and take over.
 */
export interface Lock {
  release(): void;
}

/** Takes the lock, or answers nothing where somebody else holds it. */
export function tryLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Does the work while holding the lock, after everybody who came before. */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(file);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function takeLock(file: string): Promise<Lock> {
  for (;;) {
    const lock = tryLock(file);
    if (lock) return lock;
    await delay(50);
  }
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === sqliteBusy;
}
