import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { ExchangeConfig } from './connection/config.ts';

/** An empty shared folder for a test, with its folder as the other system sees it. */
export interface Place {
  readonly config: ExchangeConfig;
  readonly root: string;
  stop(): Promise<void>;
}

/** Both ways to reach a shared folder, for tests that hold on either. Where one is `missing`, its `way` says why. */
export const waysToReach = [
  { way: 'a folder', missing: false, reach: folderPlace },
  { way: `SFTP${skipNote(opensshMissing())}`, missing: opensshMissing() !== undefined, reach: sftpPlace },
];

/** For the name of a test that is skipped for this reason. */
export function skipNote(reason: string | undefined): string {
  return reason === undefined ? '' : ` (skipped: ${reason})`;
}

export async function folderPlace(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'millrace-dropzone-'));
  return { config: { kind: 'folder', path: root }, root, stop: () => rm(root, { recursive: true, force: true }) };
}

async function sftpPlace(): Promise<Place> {
  const server = await startOpenSsh();
  return { config: sftpConfig(server), root: server.root, stop: () => server.stop() };
}

/** Config that reaches a test's OpenSSH server. */
export function sftpConfig(server: Awaited<ReturnType<typeof startOpenSsh>>): ExchangeConfig & { kind: 'sftp' } {
  const { host, port, username, privateKey, hostKeyFingerprint, root } = server;
  return { kind: 'sftp', host, port, username, privateKey, hostKey: hostKeyFingerprint, path: root };
}
