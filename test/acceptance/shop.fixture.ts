/** A whole instance over flows as they lie in the repository, with a clock that the test turns. Tests only. */
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Json, type JsonObject, readJson, writeJson } from '@millrace/contract';
import { createDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { createChannel } from '../../runtime/alerts/channels.ts';
import type { MailServer } from '../../runtime/alerts/send-mail.ts';
import { startAlerts } from '../../runtime/alerts/start-alerts.ts';
import { openAuth } from '../../runtime/auth/auth.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { saveConnectionOf } from '../../runtime/connections/save-connection.ts';
import { startEngine } from '../../runtime/engine/start.ts';
import { openSuites } from '../../runtime/flow-tests/suites.ts';
import { deployFlow } from '../../runtime/flows/deploy.ts';
import { importBundle } from '../../runtime/flows/drafts.ts';
import { readWholeFlow } from '../../runtime/flows/folder.ts';
import { createHttpServer } from '../../runtime/http/server.ts';
import { openInstance } from '../../runtime/instance.ts';
import { createLog } from '../../runtime/log.ts';
import { migrate } from '../../runtime/postgres/migrate.ts';
import { simulateClock } from '../../runtime/postgres/simulated-clock.ts';
import { ensureTenant, type Tenant } from '../../runtime/postgres/tenants/tenants.ts';

const environment = 'production';
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** The secret by which the shop signs its orders. */
export const shopSecret = 'the secret of the shop';

export async function startInstance() {
  const scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  const home = mkdtempSync(join(tmpdir(), 'millrace-shop-'));
  const clock = await simulateClock(scratch.url);
  const log = createLog('error', process.stderr);
  const config = loadConfig({ DATABASE_URL: scratch.url, MILLRACE_HOME: home }, home);
  const instance = await openInstance({ config, log });
  const { foundation } = instance;
  const engine = await startEngine(foundation);
  const { database, masterKeys, network } = foundation;
  const auth = await openAuth({
    url: scratch.url,
    database,
    masterKeys,
    network,
    publicUrl: 'http://127.0.0.1',
    log,
  });
  const suites = openSuites({ ...config, databaseUrl: scratch.url });
  const shown = { version: 'test', demo: false, studioFolder: home, shipped: () => [] };
  const server = createHttpServer({ ...foundation, engine, auth, suites, ...shown });
  const port = await server.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    await suites.close();
    await server.close();
    await engine.stop();
    await auth.close();
    await instance.close();
    await clock.close();
    await scratch.drop();
    rmSync(home, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;

  /** Deploys a flow of the repository, each slot bound to a connection with the given config. */
  async function deploy(
    tenant: Tenant,
    folder: string,
    connections: Readonly<Record<string, JsonObject>>,
    parameters: JsonObject = {},
  ): Promise<void> {
    const bundle = readWholeFlow(join(root, folder));
    const bound: Record<string, string> = {};
    for (const [slot, config] of Object.entries(connections)) {
      const type = bundle.flow.connections?.[slot]?.type ?? '';
      const name = `${bundle.flow.id} ${slot}`;
      bound[slot] = await saveConnectionOf(foundation, { tenant: tenant.id, environment, name, type, config });
    }
    await importBundle(foundation, tenant, bundle);
    await deployFlow(foundation, {
      tenant,
      environment,
      flowId: bundle.flow.id,
      parameters,
      connections: bound,
      by: 'a test',
    });
  }

  return {
    url,
    clock,
    engine,
    deploy,
    tenant: (slug: string) => database.asScanner((tx) => ensureTenant(tx, slug, slug)),
    /** Records of a type, oldest first. */
    records: (tenant: Tenant, type: string) =>
      database.asTenants([tenant.id], async (tx) => {
        const { rows } = await sql<{ data: JsonObject }>`
          select data from millrace.record where type = ${type} order by created_at, id`.execute(tx);
        return rows.map(({ data }) => data);
      }),
    alerts: (tenant: Tenant) =>
      database.asTenants([tenant.id], async (tx) => {
        const { rows } = await sql<{ code: string; open: boolean }>`
          select code, closed_at is null as open from millrace.alert order by id`.execute(tx);
        return rows;
      }),
    /** Lets the tenant’s severe alerts go by e-mail; answers what looks for them and tells of them, until the test ends. */
    async mailAlerts(tenant: Tenant, mailServer: MailServer, to: string) {
      await createChannel(foundation, tenant.id, { name: 'Admin', to: [to], severity: 'high' });
      const alerts = startAlerts({ ...foundation, mailServer });
      onTestFinished(() => alerts.stop());
      return alerts;
    },
    keepStock: (tenant: Tenant, levels: Readonly<Record<string, number>>) =>
      database.asTenants([tenant.id], async (tx) => {
        for (const [sku, quantity] of Object.entries(levels)) {
          const data = { sku, location_id: null, quantity, reserved: 0, as_of: '2026-01-20T10:05:00Z', reason: null };
          await sql`insert into millrace.record (tenant_id, environment, type, id, data, version)
            values (${tenant.id}, ${environment}, 'stock', ${sku}, ${writeJson(data)}::jsonb, 1)`.execute(tx);
        }
      }),
    /** As the flow that takes the ERP's webhooks would keep it, at this moment. */
    erpTellsStock: (tenant: Tenant, sku: string, quantity: number) =>
      database.asTenants([tenant.id], async (tx) => {
        const said = writeJson({ quantity, as_of: (await clock.now()).toISOString() });
        await sql`update millrace.record set data = data || ${said}::jsonb, version = version + 1
          where type = 'stock' and id = ${sku}`.execute(tx);
      }),
    keepReadiness: (tenant: Tenant, option: 'A' | 'B') =>
      database.asTenants([tenant.id], async (tx) => {
        await sql`insert into millrace.record (tenant_id, environment, type, id, data, version)
          values (${tenant.id}, ${environment}, 'erp-readiness', 'erp', ${writeJson({ option })}::jsonb, 1)`.execute(
          tx,
        );
      }),
    /** An order as the shop sends it, signed, and again while the answer takes its time; text is sent as it is. */
    async order(body: Json, secret = shopSecret): Promise<Answer> {
      const text = typeof body === 'string' ? body : writeJson(body);
      const headers = {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        'X-Shop-Signature': createHmac('sha256', secret).update(text).digest('hex'),
      };
      for (;;) {
        const answer = await fetch(`${url}/hooks/shop/orders`, { method: 'POST', body: text, headers });
        if (answer.status !== 202)
          return { status: answer.status, body: readJson((await answer.text()) || '{}') as JsonObject };
      }
    },
    /** Lets time pass in steps, each ending when everything has come to rest. */
    async pass(minutes: number, step = minutes): Promise<void> {
      for (let passed = 0; passed < minutes; passed += step) {
        await clock.advanceTo(new Date((await clock.now()).getTime() + step * 60_000));
        await engine.settle();
      }
    },
  };
}

/** An order for one piece of each article. */
export function orderOf(order_id: string, ...skus: readonly string[]): JsonObject {
  const line_items = skus.map((sku) => ({ sku, quantity: 1, unit_price: 79900.5 }));
  return { order_id, order_date: '2026-03-02T10:15:00Z', customer_ref: 'CUST-555', line_items };
}
