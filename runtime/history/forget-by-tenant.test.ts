import { afterAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../audit/verify.ts';
import { listEntries } from '../postgres/audit/entries.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import { saveTenantRetention, type TenantRetention } from '../postgres/history/tenant-retention.ts';
import { day, flowOf, type HistoryFixture, minute, openHistory } from './history.fixture.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
});
afterAll(() => history?.stop());

const none = { stepDays: null, runDays: null };
const inTenant = <T>(work: Parameters<HistoryFixture['database']['asTenants']>[1]) =>
  history.database.asTenants([history.tenant.id], work) as Promise<T>;
const keep = (retention: Partial<TenantRetention>) =>
  inTenant((tx) =>
    saveTenantRetention(tx, history.tenant.id, { sandbox: none, production: none, auditDays: null, ...retention }),
  );
const count = async (table: string) => (await history.query(`select from millrace.${table}`)).length;
const verify = (known?: { position: number; hash: string }) => verifyAudit(history.database, history.tenant.id, known);
const change = (n: number) =>
  inTenant((tx) => noteChange(tx, { tenant: history.tenant.id, action: 'flows.edit', target: `flows/${n}` }));
const entries = () => inTenant<{ position: number }[]>((tx) => listEntries(tx, history.tenant.id, { limit: 100 }));

test('R-X5 a run is kept for the days of its tenant where the class allows more, archived or not', async () => {
  const [good] = [await history.run(flowOf('test/keep'))];
  await history.later(6 * minute);
  await history.archive();
  const bad = await history.run(flowOf('test/refuse'));
  await keep({ production: { ...none, runDays: 10 } });
  await history.later(9 * day);
  await history.forget();
  expect([await history.archived(), await history.live()]).toEqual([[good], [bad]]);
  await history.later(2 * day);
  await history.forget();
  expect([await history.archived(), await history.live()]).toEqual([[], []]);
  for (const table of ['archived_step', 'step', 'dead_letter', 'payload_use']) expect(await count(table)).toBe(0);
});

test('R-X5 what runs of another environment hold is kept', async () => {
  const run = await history.run(flowOf('test/pass'));
  await history.later(6 * minute);
  await history.archive();
  await keep({ sandbox: { runDays: 1, stepDays: 1 } });
  await history.later(10 * day);
  await history.forget();
  expect(await history.archived()).toEqual([run]);
  expect(await count('archived_step')).toBe(1);
});

test('R-X5 what steps got and gave goes sooner than the run, with its files', async () => {
  const run = await history.run(flowOf('test/keep'));
  await history.later(6 * minute);
  await history.archive();
  await keep({ production: { ...none, stepDays: 5 } });
  await history.later(6 * day);
  await history.forget();
  expect(await history.archived()).toEqual([run]);
  expect([await count('archived_step'), await count('payload where run_id is not null')]).toEqual([0, 0]);
  expect(await history.story(run)).toMatchObject({ run: { status: 'succeeded' }, steps: [] });
});

test('R-X5 an audit whose beginning was cut off for its age can still be verified', async () => {
  await keep({ auditDays: 30 });
  for (const n of [1, 2, 3]) await change(n);
  const before = await verify();
  if (!before.ok) throw new Error(before.reason);
  await history.later(31 * day);
  await change(4);
  await history.forget();
  expect((await entries()).map(({ position }) => position)).toEqual([6, 5]);
  expect((await entries())[0]).toMatchObject({
    action: 'retention.set',
    target: 'audit',
    after: { cut: { position: 4, hash: before.head.hash } },
  });
  expect(await verify()).toMatchObject({ ok: true, head: { position: 6 } });
  expect(await verify(before.head)).toMatchObject({ ok: true });
  expect(await verify({ position: 2, hash: 'a' })).toMatchObject({
    ok: false,
    reason: 'entry 2, which was noted down, was cut off since',
  });
  await history.forget();
  expect((await entries()).map(({ position }) => position)).toEqual([6, 5]);
});

test('R-X5 a beginning that is gone without having been cut off for its age is seen', async () => {
  await keep({ auditDays: 30 });
  for (const n of [1, 2, 3]) await change(n);
  await history.query('alter table millrace.audit no force row level security');
  await history.query('alter table millrace.audit_retention no force row level security');
  await history.query('delete from millrace.audit where position <= 2');
  expect(await verify()).toMatchObject({ ok: false, reason: 'entry 1 is missing' });
  await history.query(`
    update millrace.audit_retention set cut_position = 2, cut_hash = (select previous from millrace.audit where position = 3)`);
  expect(await verify()).toMatchObject({
    ok: false,
    position: 3,
    reason: 'the entries up to 2 are gone, and none tells that they were cut off',
  });
});

test('R-X5 the application cuts off only what is older than it is to be kept, of a tenant that it sees', async () => {
  await change(1);
  const cut = (tenant: string) => history.query('select millrace.cut_audit($1) as position', [tenant]);
  await history.query('set role millrace_app');
  expect(await cut(history.tenant.id)).toEqual([{ position: '0' }]);
  await expect(cut('00000000-0000-0000-0000-000000000000')).rejects.toThrow('another tenant');
  for (const statement of ['delete from millrace.audit', 'update millrace.audit_retention set cut_position = 9'])
    await expect(history.query(statement)).rejects.toThrow('permission denied');
});
