import { freePort } from '@millrace/testing/free-port';
import type { DatabaseServer } from './database/server.ts';
import { measureLimits } from './limits/limits.ts';
import type { Bench, Cell, Failure } from './measurements/cell.ts';
import { measureCommerce } from './measurements/commerce.ts';
import { measureFlows } from './measurements/flows.ts';
import { measureLines } from './measurements/lines.ts';
import { measureNodes } from './measurements/nodes.ts';
import { measureOrders } from './measurements/orders.ts';
import { measureProcesses } from './measurements/processes.ts';
import { measureStoredRuns, type StoredRuns, storeRuns } from './measurements/stored-runs.ts';
import { measureTenants } from './measurements/tenants.ts';
import type { BenchOptions, PartName } from './options.ts';
import { type Results, resultsOf } from './report/results.ts';
import type { Round } from './report/round.ts';
import type { InstalledPeer } from './systems/peers.ts';
import { startPeer } from './systems/start-peer.ts';
import type { RunningSystem, SystemName } from './systems/system.ts';
import { withMillrace } from './systems/with-millrace.ts';
import type { TenantsFigures } from './tenants/figures.ts';
import { type FlowName, flowNames } from './workload/flows.ts';

/** Told as it happens. */
export type Progress = Pick<Bench, 'onCell' | 'onFailure'>;

/** Everything that a round needs to know. */
interface Plan {
  readonly parts: readonly PartName[];
  readonly peers: readonly InstalledPeer[];
  readonly stored: readonly StoredRuns[];
}

/** Measures everything that is asked for, round after round. What comes to nothing is told, and the rest goes on. */
export async function runRounds(
  { parts, seconds, quick, ...options }: BenchOptions,
  server: DatabaseServer,
  peers: readonly InstalledPeer[],
  progress: Progress,
): Promise<Results> {
  const failures: Failure[] = [];
  const onFailure = (failure: Failure) => {
    failures.push(failure);
    progress.onFailure(failure);
  };
  const bench: Bench = { ...progress, server, sinkPort: await freePort(), seconds, quick, onFailure };
  const stored = parts.includes('runs') ? await storedOrNone(bench) : [];
  const rounds: Round[] = [];
  while (rounds.length < options.rounds) rounds.push(await oneRound(bench, { parts, peers, stored }));
  return resultsOf(rounds, stored, failures);
}

async function storedOrNone(bench: Bench): Promise<readonly StoredRuns[]> {
  let stored: readonly StoredRuns[] = [];
  await orFailure(bench, 'Millrace', 'storing runs', async () => {
    stored = await storeRuns(bench);
  });
  return stored;
}

async function oneRound(bench: Bench, plan: Plan): Promise<Round> {
  const cells: Cell[] = [];
  const onCell = (cell: Cell) => {
    cells.push(cell);
    bench.onCell(cell);
  };
  const limits = plan.parts.includes('limits') ? await measureLimits(bench.server, bench.seconds) : undefined;
  await measureCells({ ...bench, onCell }, plan);
  const commerce = plan.parts.includes('commerce') ? await measureCommerce(bench) : undefined;
  const tenants = plan.parts.includes('tenants') ? await tenantsOrNone({ ...bench, onCell }) : [];
  return { cells, tenants, ...(limits && { limits }), ...(commerce && { commerce }) };
}

async function tenantsOrNone(bench: Bench): Promise<readonly TenantsFigures[]> {
  let figures: readonly TenantsFigures[] = [];
  await orFailure(bench, 'Millrace', 'tenants', async () => {
    figures = await measureTenants(bench);
  });
  return figures;
}

async function measureCells(bench: Bench, { parts, peers, stored }: Plan): Promise<void> {
  const flows = flowNames.filter((flow) => parts.includes(flow));
  const measurements: readonly (readonly [PartName, () => Promise<void>])[] = [
    ...flows.slice(0, 1).map((first) => [first, () => measureBeside(bench, peers, flows)] as const),
    ['lines', () => measureLines(bench)],
    ['nodes', () => measureNodes(bench)],
    ['runs', () => measureStoredRuns(bench, stored)],
    ['processes', () => measureProcesses(bench)],
    ['orders', () => measureOrders(bench)],
  ];
  for (const [part, measure] of measurements)
    if (parts.includes(part)) await orFailure(bench, 'Millrace', part, measure);
}

/** Millrace and the peers, all running, taking turns. */
function measureBeside(bench: Bench, peers: readonly InstalledPeer[], flows: readonly FlowName[]): Promise<void> {
  return withMillrace(bench, 'bench_flows', {}, (millrace) =>
    withPeers(bench, peers, (others) => measureFlows(bench, [millrace, ...others], flows)),
  );
}

async function withPeers(
  bench: Bench,
  peers: readonly InstalledPeer[],
  use: (systems: readonly RunningSystem[]) => Promise<void>,
): Promise<void> {
  const systems: RunningSystem[] = [];
  try {
    for (const peer of peers)
      await orFailure(bench, peer.name, 'start', async () => {
        systems.push(await startPeer(peer, bench.server, bench.sinkPort));
      });
    await use(systems);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
  }
}

async function orFailure(
  { onFailure }: Bench,
  system: SystemName,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    onFailure({ system, what, message: (error as Error).message });
  }
}
