import { randomBytes, randomUUID } from 'node:crypto';
import { catalogueOf, type JsonObject } from '@millrace/contract';
import { createDatabase, type TestDatabase } from '@millrace/testing';
import { openNetwork } from '@millrace/testing/run-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { saveConnection } from '../postgres/connections/connections.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { seal } from '../secrets/envelope.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import { noHealthNotes } from './health.ts';
import { openConnection } from './open-connection.ts';

const catalogue = catalogueOf([]);
const log = createLog('error', process.stderr);
const masterKeys = onlyKey({ id: 'test', key: randomBytes(32) });
const id = randomUUID();
let scratch: TestDatabase;
let database: Database;
/** Of another process. */
let elsewhere: Database;
let tenant: string;
beforeAll(async () => {
  scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  database = openDatabase(scratch.url);
  elsewhere = openDatabase(scratch.url, { size: 1 });
  tenant = (await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme Shipping'))).id;
});
afterAll(async () => {
  await database?.close();
  await elsewhere?.close();
  await scratch?.drop();
});

const open = (key = masterKeys) =>
  openConnection(
    { database, masterKeys: key, network: openNetwork, catalogue, health: noHealthNotes, log },
    tenant,
    id,
  );
const store = (config: JsonObject, secrets: JsonObject) => {
  const sealed = seal(secrets, `${tenant}/${id}`, masterKeys);
  const row = {
    id,
    tenant,
    environment: 'production',
    name: 'ERP',
    type: 'core/http',
    config,
    sealed,
    provedAt: new Date(),
  };
  return elsewhere.asTenants([tenant], (tx) => saveConnection(tx, row));
};

test('R-E4 the secrets of a connection are opened once while they stay', async () => {
  await store({ url: 'https://erp.example' }, { password: 'correct horse' });
  const [first, second] = [await open(), await open()];
  expect(second.config).toEqual({ url: 'https://erp.example', password: 'correct horse' });
  expect(second.hide).toBe(first.hide);
});

test('R-E4 what another process changes counts from the next use on, and so does what it hides', async () => {
  await store({ url: 'https://erp.example' }, { password: 'correct horse' });
  await open();
  await store({ url: 'https://other.example' }, { password: 'battery staple' });
  const { config, hide } = await open();
  expect(config).toEqual({ url: 'https://other.example', password: 'battery staple' });
  expect(hide('correct horse, battery staple')).toBe('correct horse, [hidden]');
});

test('secrets that were opened are not there for another master key', async () => {
  await store({}, { password: 'correct horse' });
  await open();
  await expect(open(onlyKey({ id: 'test', key: randomBytes(32) }))).rejects.toMatchObject({
    code: 'SECRET_UNREADABLE',
  });
});
