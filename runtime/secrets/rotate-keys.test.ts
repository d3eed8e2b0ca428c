import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertChannel } from '../postgres/alerts/channels.ts';
import { loadConnection, removeConnection, saveConnection } from '../postgres/connections/connections.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { type MasterKeys, open, seal } from './envelope.ts';
import { keySource, masterKeysOf, onlyKey } from './master-keys.ts';
import { openMasterKeys } from './open-keys.ts';
import { isSealedAnew, keysInUse, resealAll } from './rotate-keys.ts';

let scratch: TestDatabase;
let database: Database;
let tenants: string[];
beforeAll(async () => {
  scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  database = openDatabase(scratch.url);
  tenants = await database.asScanner(async (tx) => [
    (await ensureTenant(tx, 'acme', 'Acme')).id,
    (await ensureTenant(tx, 'other', 'Other')).id,
  ]);
});
afterAll(async () => {
  await database?.close();
  await scratch?.drop();
});

const masterKeyFile = '/nowhere';
const newKey = () => randomBytes(32).toString('base64');
const keysOf = (...keys: string[]) => masterKeysOf(keySource({ masterKeyFile, masterKey: keys.join() }));
const [first, second, third] = [newKey(), newKey(), newKey()];

async function storeConnection(tenant: string, keys: MasterKeys, name: string = randomUUID()): Promise<string> {
  const id = randomUUID();
  const sealed = seal({ token: `secret of ${name}` }, `${tenant}/${id}`, keys);
  const row = { id, tenant, environment: 'production', name, type: 'core/http', config: {}, sealed };
  await database.asTenants([tenant], (tx) => saveConnection(tx, row));
  return id;
}

async function secretOf(tenant: string, id: string, keys: MasterKeys) {
  const row = await database.asTenants([tenant], (tx) => loadConnection(tx, id));
  return row?.sealed && open(row.sealed, `${tenant}/${id}`, keys);
}

test('R-E4 everything of every tenant is sealed anew, more than fits into one transaction too', async () => {
  const [acme, other] = tenants as [string, string];
  for (let n = 0; n < 205; n++) await storeConnection(acme, keysOf(first), `n ${n}`);
  const id = await storeConnection(other, keysOf(first), 'theirs');
  const channel = { id: randomUUID(), tenant: acme, name: 'Hook', severity: 'high', enabled: true } as const;
  const target = { kind: 'webhook', config: { url: 'https://a.example' } } as const;
  const sealed = seal({ signing: 'whsec_x' }, `${acme}/${channel.id}`, keysOf(first));
  await database.asTenants([acme], (tx) => insertChannel(tx, { ...channel, ...target, sealed }));

  const both = keysOf(second, first);
  expect(await isSealedAnew(database, both)).toBe(false);
  expect(await resealAll(database, both)).toBe(207);
  expect(await isSealedAnew(database, both)).toBe(true);
  expect([...(await keysInUse(database))]).toEqual([[both.current().id, 207]]);
  expect(await secretOf(other, id, keysOf(second))).toEqual({ token: 'secret of theirs' });
  expect(await resealAll(database, both)).toBe(0);
});

test('R-E4 a rotation that broke off goes on where it was', async () => {
  const acme = tenants[0] as string;
  const present = keysOf(third, second);
  const broken = await storeConnection(
    acme,
    onlyKey({ id: present.find(idOf(second))?.id as string, key: randomBytes(32) }),
  );
  await expect(resealAll(database, present)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  const left = (await keysInUse(database)).get(idOf(second)) as number;
  expect(left).toBeGreaterThan(0);
  await database.asTenants([acme], (tx) => removeConnection(tx, broken));
  expect(await resealAll(database, present)).toBe(left - 1);
  expect(await isSealedAnew(database, present)).toBe(true);
});

const idOf = (key: string) => keysOf(key).current().id;

test('a database from elsewhere serves with its keys, and without them is refused by their names', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'millrace-restored-')), 'master.key');
  const refused = { code: 'MASTER_KEY_MISSING', message: expect.stringContaining(idOf(third)) };
  await expect(openMasterKeys(database, { masterKeyFile: file })).rejects.toMatchObject(refused);
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, `${first}\n`);
  await expect(openMasterKeys(database, { masterKeyFile: file })).rejects.toMatchObject(refused);
  writeFileSync(file, `${third}\n${first}\n`);
  expect((await openMasterKeys(database, { masterKeyFile: file })).current().id).toBe(idOf(third));
});
