/** `millrace …` as users call it, over the database of a server that a test has started. Tests only. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Each command runs in the folder, which is made where none is given. */
export function commandsOver(databaseUrl: () => string, folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))) {
  return (...args: readonly string[]): Promise<Ended> => {
    const env = { ...plainEnvironment, DATABASE_URL: databaseUrl() };
    const { promise, resolve } = Promise.withResolvers<Ended>();
    const command = [commandLine, ...args];
    const child = execFile(process.execPath, command, { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    return promise;
  };
}
