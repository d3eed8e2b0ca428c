import { copyTenant } from '../database/copy-tenant.ts';
import { residentMegabytes } from '../processes/memory.ts';
import { startMillrace, tenant } from '../systems/millrace.ts';
import { requestAddresses } from '../tenants/any-address.ts';
import { activateSchedules } from '../tenants/due-schedules.ts';
import type { TenantsFigures } from '../tenants/figures.ts';
import { tenantFlows } from '../workload/tenant-flows.ts';
import { type Bench, measureCell } from './cell.ts';

const sizes = [1, 100, 1000];
const quickSizes = [1, 20];
const database = 'bench_tenants';
const inFlight = 16;
const activations = { usual: 30, quick: 3 };

/**
 * What other tenants with their deployed flows cost: the same load at one tenant, requests and schedules of all, the start
 * and the memory of the server, with more and more of them. The first is set up over the API; the others are copies of it.
 */
export async function measureTenants(bench: Bench): Promise<TenantsFigures[]> {
  const databaseUrl = await bench.server.createDatabase(database);
  const figures: TenantsFigures[] = [];
  try {
    await (await startMillrace({ databaseUrl, sinkPort: bench.sinkPort, flows: tenantFlows() })).stop();
    for (const [index, tenants] of (bench.quick ? quickSizes : sizes).entries()) {
      await fill(bench, { from: sizesBefore(bench, index), to: tenants });
      figures.push(await measureAt(bench, databaseUrl, tenants));
    }
  } finally {
    await bench.server.dropDatabase(database);
  }
  return figures;
}

function sizesBefore({ quick }: Bench, index: number): number {
  return (quick ? quickSizes : sizes)[index - 1] ?? 1;
}

/** The first tenant counts, so that the copies' numbers begin with 1. */
async function fill({ server }: Bench, { from, to }: { from: number; to: number }): Promise<void> {
  if (to === from) return;
  const client = await server.connect(database);
  try {
    await copyTenant(client, tenant, { from, count: to - from });
  } finally {
    await client.end();
  }
}

async function measureAt(bench: Bench, databaseUrl: string, tenants: number): Promise<TenantsFigures> {
  const millrace = await startMillrace({ databaseUrl, sinkPort: bench.sinkPort, flows: [] });
  try {
    await measureCell(bench, millrace, { series: 'tenants', size: tenants, inFlight, flow: 'send', fresh: true });
    const { seconds, quick } = bench;
    const warmUpSeconds = quick ? 1 : 15;
    const requested = await requestAddresses(bench.server, millrace, { database, tenants, warmUpSeconds, seconds });
    const times = bench.quick ? activations.quick : activations.usual;
    const activated = await activateSchedules(bench.server, millrace, { database, times });
    const { startSeconds, pids } = millrace;
    return { tenants, startSeconds, megabytes: residentMegabytes(pids), ...requested, ...activated };
  } finally {
    await millrace.stop();
  }
}
