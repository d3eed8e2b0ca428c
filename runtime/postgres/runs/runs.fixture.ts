/** What the tests of runs share: a migrated database without an engine, and tenants with runs in it. Tests only. */
import { complete, type FlowDocument } from '@millrace/flow';
import { createDatabase } from '@millrace/testing';
import { openDatabase } from '../database.ts';
import { saveVersion } from '../flows/versions.ts';
import { migrate } from '../migrate.ts';
import { ensureTenant } from '../tenants/tenants.ts';
import { acceptRuns } from './accept-runs.ts';

export const lease = { holder: '00000000-0000-4000-8000-000000000001', ms: 60_000 };

export async function openRuns() {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const database = openDatabase(scratch.url);
  let tenants = 0;

  return {
    database,
    /** The database, for a login that owns it. */
    url: scratch.url,
    /**
     * A tenant with so many runs; answers their ids, oldest first.
     * @param leaseMs of the lease under which they are held; without it they are ready
     */
    async tenantWith(count: number, leaseMs?: number): Promise<{ tenant: string; runs: readonly string[] }> {
      const slug = `t${++tenants}`;
      const { id: tenant } = await database.asScanner((tx) => ensureTenant(tx, slug, slug));
      const document: FlowDocument = { format: 1, id: 'f', name: 'F', nodes: {}, edges: [] };
      const run = {
        tenant,
        environment: 'production',
        flowId: 'f',
        version: 'v',
        parameters: {},
        connections: {},
        node: 'start',
        payload: {},
        meta: {},
        source: 'test',
      };
      const entries = Array.from({ length: count }, () => ({ run, leased: leaseMs !== undefined }));
      const entered = await database.asTenants([tenant], async (tx) => {
        await saveVersion(tx, { tenant, hash: 'v', bundle: complete({ flow: document }) });
        return acceptRuns(tx, entries, { ...lease, ms: leaseMs ?? 0 });
      });
      return { tenant, runs: entered.map((one) => one.run) };
    },
    async close() {
      await database.close();
      await scratch.drop();
    },
  };
}

export type RunsFixture = Awaited<ReturnType<typeof openRuns>>;
