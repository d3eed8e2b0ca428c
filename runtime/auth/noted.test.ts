import { randomBytes } from 'node:crypto';
import { createDatabase, type TestDatabase } from '@millrace/testing';
import { betterAuth } from 'better-auth';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guardedNetwork } from '../engine/guarded-fetch.ts';
import { createLog } from '../log.ts';
import { theInstance } from '../postgres/audit/author.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import { type Auth, openAuth } from './auth.ts';
import { type BetterAuth, betterAuthOptions } from './better-auth.ts';
import { noted } from './noted.ts';
import { addMember, ensureAccount, memberRole, operator } from './tenant-accounts.ts';

let scratch: TestDatabase;
let database: Database;
let pool: pg.Pool;
let opened: Auth;
let auth: BetterAuth;
let tenant: Tenant;
let other: Tenant;
let person: string;
beforeAll(async () => {
  scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  database = openDatabase(scratch.url);
  const masterKeys = onlyKey({ id: 'test', key: randomBytes(32) });
  const options = { masterKeys, publicUrl: 'http://127.0.0.1:7400', log: createLog('silent', process.stderr) };
  opened = await openAuth({ url: scratch.url, database, network: guardedNetwork('loopback'), ...options });
  pool = new pg.Pool({ connectionString: scratch.url });
  auth = betterAuth(betterAuthOptions({ pool, ...options }));
  tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme Shipping'));
  other = await database.asScanner((tx) => ensureTenant(tx, 'other', 'Other'));
  person = await ensureAccount(auth, other, operator);
  await ensureAccount(auth, tenant, operator);
});
afterAll(async () => {
  await opened?.close();
  await pool?.end();
  await database?.close();
  await scratch?.drop();
});

const change = () => ({ tenant: tenant.id, action: 'members.edit', target: `members/${person}` }) as const;
const join = () => addMember(auth, tenant.id, person, 'viewer');
const role = () => memberRole(auth, tenant.id, person);

describe('R-X5 a change of accounts and its entry in the audit', () => {
  test('are not there where the change breaks off after it was made', async () => {
    const broken = noted(database, theInstance, change(), async () => {
      await join();
      expect(await role()).toBe('viewer');
      throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
    expect([await role(), await told()]).toEqual([undefined, 0]);
  });

  test('are not there where the database cannot be told the end', async () => {
    const killed = noted(database, theInstance, change(), async () => {
      await join();
      // Tests of other files use the same server.
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'millrace'`);
    });
    await expect(killed).rejects.toThrow(/terminat|connection/i);
    expect([await role(), await told()]).toEqual([undefined, 0]);
  });

  test('are both there otherwise; what better-auth undoes by itself undoes nothing else', async () => {
    await noted(database, theInstance, change(), async () => {
      const { adapter } = await auth.$context;
      const undone = adapter.transaction(async (inside) => {
        await inside.delete({ model: 'member', where: [{ field: 'userId', value: person }] });
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      // One that the database refuses, too: there is an account of this id.
      const refused = adapter.transaction((inside) =>
        inside.create({
          model: 'user',
          data: { id: person, email: 'twin@example.com', name: 'Twin' },
          forceAllowId: true,
        }),
      );
      await expect(refused).rejects.toThrow(/duplicate key/);
      await join();
    });
    expect([await role(), await told()]).toEqual(['viewer', 1]);
    expect(await memberRole(auth, other.id, person)).toBe('owner');
  });
});

/** Entries in the audit of the tenant. */
function told(): Promise<number> {
  return database.asTenants([tenant.id], async (tx) => {
    const { rows } = await sql`select from millrace.audit where target = ${change().target}`.execute(tx);
    return rows.length;
  });
}
