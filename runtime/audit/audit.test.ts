import { createDatabase, type TestDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Author } from '../postgres/audit/author.ts';
import { listEntries } from '../postgres/audit/entries.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { exportAudit } from './export.ts';
import { verifyAudit } from './verify.ts';

let scratch: TestDatabase;
let database: Database;
/** Owns the tables, and has lifted what held for itself: it may write into them whatever it likes. */
let owner: pg.Client;
let tenant: string;
let tenants = 0;
const ann: Author = { who: "Ann O'Hara \\ “A”", id: 'u-1', by: 'person', address: '192.0.2.7' };

beforeAll(async () => {
  scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  database = openDatabase(scratch.url);
  owner = new pg.Client(scratch.url);
  await owner.connect();
  for (const table of ['audit', 'flow']) await owner.query(`alter table millrace.${table} no force row level security`);
});
beforeEach(async () => {
  ({ id: tenant } = await database.asScanner((tx) => ensureTenant(tx, `tenant-${++tenants}`, 'Tenant')));
});
afterAll(async () => {
  await owner?.end();
  await database?.close();
  await scratch?.drop();
});

function change(n: number | string, by: Author = ann): Promise<void> {
  const values = { before: { price: n }, after: { price: `${n}!` } };
  return database
    .by(by)
    .asTenants([tenant], (tx) => noteChange(tx, { tenant, action: 'flows.edit', target: `flows/${n}`, ...values }));
}

async function changes(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await change(n);
}

const entries = () => database.asTenants([tenant], (tx) => listEntries(tx, tenant, { limit: 200 }));
const verify = (...known: [] | [{ position: number; hash: string }]) => verifyAudit(database, tenant, ...known);

describe('R-X5 a change in somebody’s name', () => {
  const renamed = sql`update millrace.flow set name = 'B'`;
  const nameNow = async () => {
    const { rows } = await database.asTenants([tenant], (tx) =>
      sql<{ name: string }>`select name from millrace.flow`.execute(tx),
    );
    return rows[0]?.name;
  };
  beforeEach(async () => {
    await owner.query(`insert into millrace.flow (tenant_id, id, name, draft) values ($1, 'f', 'A', '{}')`, [tenant]);
  });

  test('is not made without its entry', async () => {
    const silent = database.by(ann).asTenants([tenant], (tx) => renamed.execute(tx));
    await expect(silent).rejects.toThrow('a change has left no entry in the audit');
    expect([await nameNow(), await entries()]).toEqual(['A', []]);
  });

  test('is not told where it was not made', async () => {
    const failing = database.by(ann).asTenants([tenant], async (tx) => {
      await renamed.execute(tx);
      await noteChange(tx, { tenant, action: 'flows.edit', target: 'flows/f' });
      throw new Error('and then something went wrong');
    });
    await expect(failing).rejects.toThrow('something went wrong');
    expect([await nameNow(), await entries()]).toEqual(['A', []]);
  });

  test('tells who, what, where, before and after', async () => {
    await change('7.10');
    const [entry] = await entries();
    expect(entry).toMatchObject({
      position: 1,
      at: expect.any(Date),
      who: ann.who,
      whoId: 'u-1',
      by: 'person',
      address: '192.0.2.7',
      action: 'flows.edit',
      target: 'flows/7.10',
      before: { price: '7.10' },
      after: { price: '7.10!' },
    });
  });

  test('is none where somebody only reads; and who may only read cannot write', async () => {
    await database.by(ann).asTenants([tenant], (tx) => sql`select from millrace.flow`.execute(tx));
    expect(await entries()).toEqual([]);
    for (const reading of [database.reading(), database.reading().by(ann), database.by(ann).reading()])
      await expect(reading.asTenants([tenant], (tx) => renamed.execute(tx))).rejects.toThrow('read-only transaction');
  });

  test('that is long is kept as its hash', async () => {
    await change('x'.repeat(100_000));
    expect((await entries())[0]?.before).toEqual({
      price: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), characters: 100_002 },
    });
  });
});

describe('R-X5 the audit', () => {
  test('is one chain, however many write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => change(n)));
    expect((await entries()).map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n));
    expect(await verify()).toEqual({ ok: true, head: { position: 20, hash: (await entries())[0]?.hash } });
  });

  test('can be added to by the application, and not changed', async () => {
    await changes(1);
    for (const statement of [
      sql`update millrace.audit set who = 'Bob'`,
      sql`delete from millrace.audit`,
      sql`truncate millrace.audit`,
      sql`insert into millrace.audit (tenant_id, position, action, target) values (${tenant}, 9, 'a', 't')`,
      sql`insert into millrace.audit (tenant_id, who, action, target) values (${tenant}, 'Bob', 'a', 't')`,
    ])
      await expect(database.asTenants([tenant], (tx) => statement.execute(tx))).rejects.toThrow('permission denied');
  });

  test('of another tenant is neither seen nor added to', async () => {
    await changes(1);
    const other = (await database.asScanner((tx) => ensureTenant(tx, 'other', 'Other'))).id;
    const seen = database.asTenants([other], (tx) => listEntries(tx, tenant, { limit: 10 }));
    expect(await seen).toEqual([]);
    const forged = database.asTenants([other], (tx) => noteChange(tx, { tenant, action: 'flows.edit', target: 'x' }));
    await expect(forged).rejects.toThrow('row-level security');
  });

  test.each([
    [
      'a changed text',
      `update millrace.audit set who = 'Bob' where position = 3`,
      3,
      'entry 3 is not as it was written',
    ],
    ['a changed value', `update millrace.audit set after = '{"price":"0"}' where position = 2`, 2, 'as it was written'],
    ['a changed time', `update millrace.audit set at = at - interval '1 s' where position = 4`, 4, 'as it was written'],
    ['a missing entry', `delete from millrace.audit where position = 3`, 4, 'entry 3 is missing'],
  ])('shows %s, and where', async (_what, tampering, position, reason) => {
    await changes(5);
    await owner.query(`${tampering} and tenant_id = $1`, [tenant]);
    expect(await verify()).toEqual({ ok: false, position, reason: expect.stringContaining(reason) });
  });

  test('shows an entry that was given a hash of its own, at the next one', async () => {
    await changes(5);
    const ofThird = 'where position = 3 and tenant_id = $1';
    await owner.query(`update millrace.audit set who = 'Bob' ${ofThird}`, [tenant]);
    const hash = `sha256(convert_to(millrace.audit_text(audit), 'UTF8'))`;
    await owner.query(`update millrace.audit set hash = ${hash} ${ofThird}`, [tenant]);
    expect(await verify()).toEqual({ ok: false, position: 4, reason: 'entry 4 does not follow the one before it' });
  });

  test('shows by a head that was noted down that its end was cut off, or that all was written anew', async () => {
    await changes(3);
    const verdict = await verify();
    if (!verdict.ok) throw new Error(verdict.reason);
    await owner.query('delete from millrace.audit where position = 3 and tenant_id = $1', [tenant]);
    expect(await verify()).toMatchObject({ ok: true, head: { position: 2 } });
    expect(await verify(verdict.head)).toMatchObject({
      ok: false,
      position: 3,
      reason: expect.stringContaining('ends'),
    });
    await change('another');
    expect(await verify()).toMatchObject({ ok: true });
    expect(await verify(verdict.head)).toMatchObject({
      ok: false,
      position: 3,
      reason: expect.stringContaining('noted'),
    });
  });

  test('is exported as CSV, without formulas, and as JSON lines with every digit', async () => {
    await change('=1+1', { ...ann, who: '=cmd()' });
    await change('1.00000000000000000001');
    const text = async (format: 'csv' | 'jsonl') => {
      let whole = '';
      for await (const piece of exportAudit(database, tenant, format)) whole += piece;
      return whole;
    };
    const [head, first] = (await text('csv')).split('\n');
    expect(head).toBe('position,at,who,whoId,by,address,action,environment,target,before,after,hash');
    expect(first).toContain(",'=cmd(),u-1,person,192.0.2.7,flows.edit,,flows/=1+1,");
    const lines = (await text('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ position }) => position)).toEqual([1, 2]);
    expect(lines[1].before).toEqual({ price: '1.00000000000000000001' });
  });
});
