/** What the tests of triggers share: a real database under a clock that they turn, and flows deployed in it. Tests only. */
import { randomBytes } from 'node:crypto';
import {
  type ConnectionSpec,
  catalogueOf,
  describeCatalogue,
  type Json,
  type JsonObject,
  type TriggerSpec,
} from '@millrace/contract';
import core from '@millrace/pack-core';
import { createDatabase } from '@millrace/testing';
import { openNetwork } from '@millrace/testing/run-node';
import { type RawBuilder, sql } from 'kysely';
import { createBus } from '../engine/bus.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { deployFlow } from '../flows/deploy.ts';
import { importBundle, readDraft, saveDraft } from '../flows/drafts.ts';
import { createLog } from '../log.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { simulateClock } from '../postgres/simulated-clock.ts';
import { ensureTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import { type Accepting, createAccepting } from './accepting.ts';

const environment = 'production';

export interface StoredRun {
  readonly id: string;
  readonly flowId: string;
  readonly payload: Json;
  readonly meta: JsonObject;
  readonly source: string;
  readonly version: string;
}

interface Trigger {
  readonly type: string;
  readonly config: Json;
  readonly connection?: string;
}

export interface FixtureOptions {
  // biome-ignore lint/suspicious/noExplicitAny: a list holds specs of different config types, which are contravariant
  readonly triggers?: readonly TriggerSpec<any, any>[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly connections?: readonly ConnectionSpec<any>[];
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export async function startFixture({ triggers = [], connections = [] }: FixtureOptions = {}) {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const clock = await simulateClock(scratch.url);
  const open: Database[] = [];
  const opened = () => {
    const database = openDatabase(scratch.url, { size: 4 });
    open.push(database);
    return database;
  };
  const database = opened();
  const catalogue = catalogueOf([core, { id: 'test', title: 'Test', nodes: [], triggers, connections }]);
  const services = {
    database,
    leaseDatabase: database,
    evaluator: startEvaluator({ processes: 1 }),
    catalogue,
    types: describeCatalogue(catalogue),
    masterKey: { id: 'test', key: randomBytes(32) },
    network: openNetwork,
    bus: createBus(),
    log: createLog('fatal', process.stderr),
    home: '/nonexistent',
  };
  const tenant: Tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme'));

  return {
    services,
    database,
    clock,
    tenant,
    /** Another process's way to the database. */
    another: opened,
    accepting: acceptingOn,
    /** Saves a flow whose one trigger is this, and lets it serve. */
    async deploy(flowId: string, trigger: Trigger, more: JsonObject = {}, as: Tenant = tenant) {
      await save(services, as, flowId, trigger, more);
      return deployFlow(services, { tenant: as, environment, flowId, by: 'a test' });
    },
    async undeploy(flowId: string) {
      await database.asTenants([tenant.id], (tx) =>
        sql`delete from millrace.deployment where flow_id = ${flowId}`.execute(tx),
      );
    },
    /** Oldest first. */
    async runs(flowId?: string): Promise<StoredRun[]> {
      const { rows } = await database.asTenants([tenant.id], (tx) =>
        sql<StoredRun>`
          select id, flow_id as "flowId", trigger -> 'payload' as payload, trigger -> 'meta' as meta, source, version
          from millrace.run where ${flowId ?? null}::text is null or flow_id = ${flowId ?? null}
          order by trigger #>> '{meta,scheduledFor}', id`.execute(tx),
      );
      return rows;
    },
    /** As the engine does when all is well. */
    async endRuns() {
      await database.asTenants([tenant.id], (tx) => sql`update millrace.run set status = 'succeeded'`.execute(tx));
    },
    async query<T>(statement: RawBuilder<T>): Promise<T[]> {
      const { rows } = await database.asTenants([tenant.id], (tx) => statement.execute(tx));
      return rows;
    },
    async stop() {
      await services.evaluator.close();
      for (const one of open) await one.close();
      await clock.close();
      await scratch.drop();
    },
  };
}

/** As an engine that has no place for runs: they are stored, and ready for others. */
export function acceptingOn(database: Database): Accepting {
  const hands = {
    admit: () => false,
    begin: () => undefined,
    leave: () => undefined,
    take: async () => undefined,
    rouse: async () => undefined,
  };
  const taking = {
    transaction: <T>(tenants: readonly string[], work: (tx: never, own: typeof hands) => Promise<T>) =>
      database.asTenants(tenants, (tx) => work(tx as never, hands)),
  };
  return createAccepting(taking, { holder: '00000000-0000-0000-0000-000000000000', ms: 10_000 }, () => undefined);
}

async function save(
  services: Parameters<typeof saveDraft>[0],
  tenant: Tenant,
  flowId: string,
  trigger: Trigger,
  more: JsonObject,
): Promise<void> {
  const nodes = { begin: { version: 1, ...trigger } } as never;
  const flow = { format: 1 as const, id: flowId, name: flowId, nodes, edges: [], ...more };
  const present = await readDraft(services, tenant, flowId).catch(() => undefined);
  if (present) await saveDraft(services, tenant, { bundle: { flow }, revision: present.revision });
  else await importBundle(services, tenant, { flow });
}
