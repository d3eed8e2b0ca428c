import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyTenant } from './copy-tenant.ts';
import { type DatabaseServer, startDatabaseServer } from './server.ts';

let server: DatabaseServer;
beforeAll(async () => {
  server = await startDatabaseServer();
});
afterAll(() => server?.stop());

/** Tables like the product's, as far as copying is concerned. */
const tables = `
  create schema millrace;
  create table millrace.tenant (id uuid primary key default uuidv7(), slug text unique, name text);
  create table millrace.flow_version (tenant_id uuid references millrace.tenant, hash text, primary key (tenant_id, hash));
  create table millrace.deployment (tenant_id uuid, flow_id text, version text, foreign key (tenant_id, version) references millrace.flow_version);
  create table millrace.deployment_history (id uuid primary key default uuidv7(), tenant_id uuid, version text);
  create table millrace.flow (tenant_id uuid, id text);
  create table millrace.webhook_route (tenant_id uuid, path text);
  create table millrace.schedule (tenant_id uuid, node text);
  create table millrace.serving_revision (tenant_id uuid, revision bigint);
  create table millrace.audit_entry (tenant_id uuid, position bigint);
  insert into millrace.tenant (slug) values ('bench'), ('other');
  insert into millrace.flow_version select id, repeat('a', 64) from millrace.tenant;
  insert into millrace.deployment select tenant_id, 'send', hash from millrace.flow_version;
  insert into millrace.deployment_history (tenant_id, version) select tenant_id, '1' from millrace.deployment;
  insert into millrace.audit_entry select id, 1 from millrace.tenant`;

test('a tenant is there again and again with all that it has set up, under versions of its own', async () => {
  await server.createDatabase('tenants');
  const client = await server.connect('tenants');
  await client.query(tables);
  await copyTenant(client, 'bench', { from: 1, count: 3 });
  await copyTenant(client, 'bench', { from: 4, count: 2 });
  const { rows } = await client.query(`
    select (select count(*)::integer from millrace.tenant where slug ~ '^bench-[1-5]$') as tenants,
           (select count(distinct version)::integer from millrace.deployment
             join millrace.flow_version on (flow_version.tenant_id, hash) = (deployment.tenant_id, version)) as versions,
           (select count(*)::integer from millrace.deployment_history where version = '1') as noted,
           (select count(*)::integer from millrace.audit_entry) as audits`);
  await client.end();
  expect(rows).toEqual([{ tenants: 5, versions: 6, noted: 7, audits: 2 }]);
});
