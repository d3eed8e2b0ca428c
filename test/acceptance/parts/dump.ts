import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spellingsOf } from '../../../runtime/secrets/spellings.ts';
import type { Instance } from './instance.ts';

/** The built-in PostgreSQL's; an older `pg_dump` refuses it. */
const major = 18;

/** Why no database can be dumped here; nothing where one can. */
export function dumpingImpossible(): string | undefined {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  const found = Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  if (found >= major) return undefined;
  const here = found === 0 ? 'there is none' : `the one on the PATH is of ${found}`;
  return `This needs pg_dump and pg_restore of PostgreSQL ${major} or newer on the PATH, and ${here}.`;
}

/** Dumps the database of a running instance; answers the file. */
export async function dump(instance: Instance): Promise<string> {
  const file = join(instance.home, 'millrace.dump');
  await succeed(instance, 'pg_dump', '--format=custom', `--file=${file}`);
  return file;
}

/** Brings a dump to a machine that has nothing yet. */
export async function restore(instance: Instance, file: string): Promise<void> {
  await succeed(instance, 'pg_restore', '--dbname=millrace', '--exit-on-error', '--single-transaction', file);
}

/** Whether a dump in clear holds any of the texts, in any way in which it could be written. */
export async function dumpHolds(instance: Instance, secrets: readonly string[]): Promise<readonly string[]> {
  const file = join(instance.home, 'millrace.sql');
  await succeed(instance, 'pg_dump', `--file=${file}`);
  const text = readFileSync(file, 'utf8');
  return secrets.filter((secret) => spellingsOf(secret).some(({ pattern }) => pattern.test(text)));
}

async function succeed(instance: Instance, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await instance.millrace('database', ...args);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${stderr}`);
}
