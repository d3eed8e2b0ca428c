import type { DatabaseServer } from '../database/server.ts';
import { startDbos } from './dbos.ts';
import { startNodeRed } from './node-red.ts';
import type { InstalledPeer } from './peers.ts';
import type { RunningSystem } from './system.ts';

/** Starts a peer that is installed, over a new database where it has one. */
export async function startPeer(
  { name, folder }: InstalledPeer,
  server: DatabaseServer,
  sinkPort: number,
): Promise<RunningSystem> {
  if (name === 'Node-RED') return startNodeRed({ folder, sinkPort });
  return startDbos({ folder, sinkPort, databaseUrl: await server.createDatabase('bench_dbos') });
}
