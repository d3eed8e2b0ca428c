import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../processes/program.ts';
import type { SystemName } from './system.ts';

type PeerName = Exclude<SystemName, 'Millrace'>;

/** A peer's folder has a package file of its own: what it needs is in nobody else's dependencies. */
interface PeerPlace {
  readonly folder: string;
  /** The package whose version is the peer's. */
  readonly package: string;
}

export interface InstalledPeer {
  readonly name: PeerName;
  readonly folder: string;
  readonly version: string;
}

/** A peer, or the reason why it could not be installed. */
export type Peer = InstalledPeer | { readonly name: PeerName; readonly missing: string };

const places: Readonly<Record<PeerName, PeerPlace>> = {
  'DBOS Transact': { folder: 'dbos', package: '@dbos-inc/dbos-sdk' },
  'Node-RED': { folder: 'node-red', package: 'node-red' },
};

export const peerNames = Object.keys(places) as PeerName[];

/** Installs what the peer's package file names, where that is not there yet. */
export async function installPeer(name: PeerName): Promise<Peer> {
  const place = places[name];
  const folder = fileURLToPath(new URL(`../peers/${place.folder}`, import.meta.url));
  try {
    if (!isInstalled(folder)) await npmInstall(folder);
    return { name, folder, version: versionOf(folder, place.package) ?? 'of unknown version' };
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
}

function isInstalled(folder: string): boolean {
  const { dependencies } = readPackage(folder) as { dependencies: Record<string, string> };
  return Object.entries(dependencies).every(([name, version]) => versionOf(folder, name) === version);
}

function versionOf(folder: string, name: string): string | undefined {
  try {
    return readPackage(join(folder, 'node_modules', name)).version;
  } catch {
    return undefined;
  }
}

function readPackage(folder: string): { readonly version?: string; readonly dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

async function npmInstall(folder: string): Promise<void> {
  const args = ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
  await runProgram({ command: 'npm', args, cwd: folder, env: process.env });
}
