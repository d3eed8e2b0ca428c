/**
 * A process to be killed: it takes an order in, or only carries on what is under way in the database of its environment,
 * to the end. `MILLRACE_CRASH_AT` says where it dies. Arguments: dropzone folder, order file or nothing,
 * time until the acknowledgement is due.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readJson } from '@millrace/contract';
import { loadConfig } from '../../runtime/config/load.ts';
import { startEngine } from '../../runtime/engine/start.ts';
import { readWholeFlow } from '../../runtime/flows/folder.ts';
import { runFlow } from '../../runtime/flows/run-flow.ts';
import { openInstance } from '../../runtime/instance.ts';
import { createLog } from '../../runtime/log.ts';
import { unfinishedRuns } from '../../runtime/postgres/queries/unfinished-runs.ts';
import { findTenant } from '../../runtime/postgres/tenants/tenants.ts';
import { followRun } from '../../runtime/runs/follow-run.ts';

const [dropzone = '', order, ackDue = 'PT4H'] = process.argv.slice(2);
const config = loadConfig(process.env, process.cwd());
const silent = () => undefined;

async function carryOn(): Promise<void> {
  const instance = await openInstance({ config, log: createLog('silent', process.stderr) });
  const { database } = instance.foundation;
  const tenant = await database.asScanner((tx) => findTenant(tx, 'demo'));
  if (!tenant) throw new Error('nothing was ever taken in');
  const engine = await startEngine(instance.foundation);
  const runs = await database.asTenants([tenant.id], (tx) => unfinishedRuns(tx, tenant.id, 'local'));
  for (const run of runs) await followRun(instance.foundation, tenant, run, silent);
  await engine.stop();
  await instance.close();
}

async function takeIn(file: string): Promise<void> {
  await runFlow({
    bundle: readWholeFlow(fileURLToPath(new URL('../../flows/order-export-dropzone', import.meta.url))),
    config,
    payload: readJson(readFileSync(file, 'utf8')),
    connections: { dropzone },
    parameters: { ackDue },
    tenant: 'demo',
    tell: silent,
  });
}

await (order === undefined ? carryOn() : takeIn(order));
