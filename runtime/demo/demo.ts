import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Auth } from '../auth/auth.ts';
import { saveConnectionOf } from '../connections/save-connection.ts';
import type { Foundation } from '../engine/engine.ts';
import { deployFlow } from '../flows/deploy.ts';
import { importBundle } from '../flows/drafts.ts';
import { readWholeFlow } from '../flows/folder.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { loadDraft } from '../postgres/flows/drafts.ts';
import { unfinishedRuns } from '../postgres/queries/unfinished-runs.ts';
import { ensureTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import { followRun } from '../runs/follow-run.ts';
import { sampleOrder } from './sample-order.ts';

export interface DemoOptions {
  readonly foundation: Foundation;
  readonly auth: Auth;
  /** Where this instance is reached. */
  readonly url: string;
  readonly out: NodeJS.WritableStream;
  /** Starts an ERP that answers the orders in a dropzone's folder. */
  readonly startErp: (options: { folder: string; answerAfterMs: number; log(message: string): void }) => Stoppable;
}

export interface Stoppable {
  stop(): Promise<void>;
}

const template = fileURLToPath(new URL('../../flows/order-export-dropzone', import.meta.url));
const environment = 'production';
const answerAfterMs = 1_500;

/**
 * The demo: a tenant with the order export, a dropzone in the instance's folder, and an ERP that answers. The first
 * start sends the sample order; a later one tells how open orders end. It goes on beside the instance until stopped.
 */
export function startDemo(options: DemoOptions): Stoppable {
  const { foundation, startErp } = options;
  const folder = join(foundation.home, 'demo', 'dropzone');
  for (const place of ['out', 'ack']) mkdirSync(join(folder, place), { recursive: true });
  const erp = startErp({ folder, answerAfterMs, log: (message) => foundation.log.debug(message) });
  const stopping = new AbortController();
  const told = tellStory(options, folder, stopping.signal);
  told.catch((error: unknown) => {
    if (!stopping.signal.aborted) foundation.log.error({ err: error }, 'the demo broke off');
  });
  return {
    async stop() {
      stopping.abort();
      await told.catch(() => undefined);
      await erp.stop();
    },
  };
}

async function tellStory(
  { foundation, auth, url, out }: DemoOptions,
  folder: string,
  stop: AbortSignal,
): Promise<void> {
  const say = (line = '') => out.write(`${line}\n`);
  const { database } = foundation;
  const tenant = await database.asScanner((tx) => ensureTenant(tx, 'demo', 'Demo'));
  const isNew = await seed(foundation, tenant, folder);
  if (isNew) {
    say(`API key of the demo tenant, shown this once: ${await auth.createApiKey(tenant, 'demo')}`);
    await sendOrder(url);
  }
  const open = await database.asTenants([tenant.id], (tx) => unfinishedRuns(tx, tenant.id, environment));
  for (const run of open) {
    say(`\nAn order is on its way (run ${run}):`);
    await followRun(foundation, tenant, run, (line) => say(`  ${line}`), stop);
  }
  say(`\nStudio      ${url}/`);
  say(`Next order  ${curl(url)}\n`);
}

/** Brings the template into the tenant and deploys it; false where that was done before. */
async function seed(foundation: Foundation, tenant: Tenant, folder: string): Promise<boolean> {
  const bundle = readWholeFlow(template);
  const { id } = bundle.flow;
  const { draft, deployed } = await foundation.database.asTenants([tenant.id], async (tx) => ({
    draft: await loadDraft(tx, id),
    deployed: await loadDeployment(tx, environment, id),
  }));
  if (deployed) return false;
  if (!draft) await importBundle(foundation, tenant, bundle);
  const type = 'dropzone/folder-or-sftp';
  const config = { kind: 'folder', path: folder };
  const dropzone = await saveConnectionOf(foundation, {
    tenant: tenant.id,
    environment,
    name: 'dropzone',
    type,
    config,
  });
  await deployFlow(foundation, { tenant, environment, flowId: id, connections: { dropzone }, by: 'the demo' });
  return true;
}

async function sendOrder(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(sampleOrder());
  const answer = await fetch(`${url}/hooks/demo/orders/approved`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the sample order was answered with ${answer.status}: ${await answer.text()}`);
}

/** A line to paste: every printed one carries an order of its own. */
function curl(url: string): string {
  const order = JSON.stringify(sampleOrder());
  return `curl -X POST ${url}/hooks/demo/orders/approved -H 'Content-Type: application/json' -d '${order}'`;
}
