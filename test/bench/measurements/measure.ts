import type { DatabaseServer } from '../database/server.ts';
import { readWritten, type Written, type WrittenBetween, writtenBetween } from '../database/written.ts';
import { requireSound } from '../load/figures.ts';
import type { LoadFigures, LoadPlan } from '../load/protocol.ts';
import { runLoad, type Watch } from '../load/run-load.ts';
import { cpuOf } from '../processes/cpu.ts';
import type { RunningSystem } from '../systems/system.ts';

/** A system under one load, for one stretch of time. */
export interface Measured extends LoadFigures {
  /** What one flow costs. */
  readonly perFlow: WrittenBetween & {
    /** Microseconds of processor time of the system's own processes. */
    readonly systemCpu: number;
    /** Microseconds of processor time of the database's processes. */
    readonly databaseCpu: number;
  };
}

interface Meters {
  readonly written: Written;
  readonly systemCpu: number;
  readonly databaseCpu: number;
}

/** As {@link measureWith}, under the load of a process of its own. */
export function measure(plan: LoadPlan, system: RunningSystem, server: DatabaseServer): Promise<Measured> {
  return measureWith((watch) => runLoad(plan, watch), system, server);
}

/**
 * @param load puts the system under load, and tells when it begins and ends to count
 * @throws where an order was refused, failed or lost: a figure with such is no figure
 */
export async function measureWith(
  load: (watch: Watch) => Promise<LoadFigures>,
  system: RunningSystem,
  server: DatabaseServer,
): Promise<Measured> {
  const readings: Meters[] = [];
  const read = async () => {
    const cpu = { systemCpu: cpuOf(system.pids), databaseCpu: cpuOf([server.pid]) };
    readings.push({ ...cpu, written: await readWritten(server.observer) });
  };
  const figures = requireSound(await load({ begun: read, ended: read }));
  const [before, after] = readings;
  if (!before || !after) throw new Error('The meters were not read.');
  const written = await writtenBetween(server.observer, before.written, after.written);
  return { ...figures, perFlow: perFlow(written, before, after, figures.flows) };
}

function perFlow(written: WrittenBetween, before: Meters, after: Meters, flows: number): Measured['perFlow'] {
  return {
    commits: written.commits / flows,
    transactions: written.transactions / flows,
    walBytes: written.walBytes / flows,
    walSyncs: written.walSyncs / flows,
    systemCpu: (after.systemCpu - before.systemCpu) / flows,
    databaseCpu: (after.databaseCpu - before.databaseCpu) / flows,
  };
}
