import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../processes/program.ts';
import type { Peer } from '../systems/peers.ts';

/** Where, when and with what it was measured. */
export interface About {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  /** What is measured and with it, with versions. */
  readonly versions: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly rounds: number;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

export async function describe(
  plan: { readonly seconds: number; readonly rounds: number },
  postgres: string,
  peers: readonly Peer[],
): Promise<About> {
  return {
    date: new Date().toISOString(),
    machine: machine(),
    versions: {
      Millrace: `${versionIn(root)}${await commit()}`,
      'Node.js': process.versions.node,
      PostgreSQL: postgres.replace('PostgreSQL ', ''),
      jsonata: versionIn(join(root, 'node_modules/jsonata')),
      'pg-boss': versionIn(join(root, 'node_modules/pg-boss')),
      ...Object.fromEntries(peers.map((peer) => [peer.name, 'version' in peer ? peer.version : 'not installed'])),
    },
    ...plan,
  };
}

/** Ratios of unlike machines are not compared. */
function machine(): string {
  const processors = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${processors.length} × ${processors[0]?.model.trim()}, ${gigabytes} GB, Linux ${release()}`;
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Nothing where this is no clone. */
async function commit(): Promise<string> {
  const args = ['describe', '--always', '--dirty=, changed since'];
  const git = runProgram({ command: 'git', args, cwd: root, env: process.env });
  return git.then(
    (text) => ` (${text.trim()})`,
    () => '',
  );
}
