/** Steps that write records and start runs: all of it holds with their transition, or none; the real engine. */
import { AnyJson, defineNode, emit, Failure } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node, sending } from './flows.fixture.ts';

/** Steps that have written to the other system. */
let sent: string[] = [];
/** What happens once a step has written its record. */
let onKept: () => Promise<void> | void = () => undefined;

const send = sending((input, { step }) => {
  sent.push(step);
  return input;
}, 'unsafe-write');

const keep = defineNode({
  ...described,
  id: 'test/keep',
  title: 'Keep',
  config: Type.Object({ id: Type.String(), port: Type.Optional(Type.String()) }),
  outputs: { ...described.outputs, refused: Failure('REFUSED', AnyJson) },
  effect: 'stored',
  async run(_input, { id, port = 'out' }, { records }) {
    const number = (await records.get('thing', id))?.version ?? 0;
    const { data } = await records.put('thing', id, { number });
    await onKept();
    return emit(port, data);
  },
});

/** Raises an alert, or closes it, and then perhaps fails after all. */
const tell = defineNode({
  ...described,
  id: 'test/tell',
  title: 'Tell',
  config: Type.Object({
    code: Type.String(),
    close: Type.Optional(Type.Boolean()),
    port: Type.Optional(Type.String()),
  }),
  outputs: { ...described.outputs, refused: Failure('REFUSED', AnyJson) },
  effect: 'stored',
  async run(input, { code, close = false, port = 'out' }, { alerts }) {
    if (close) alerts.close({ code, about: 'a' });
    else alerts.raise({ code, about: 'a', severity: 'warning', message: 'It is off.' });
    return emit(port, input);
  },
});

const thing = { id: 'thing', title: 'Thing', schema: { type: 'object' } };

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, keep, tell], recordTypes: [thing], leaseMs: 3_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  sent = [];
  onKept = () => undefined;
});

const inTenant: EngineFixture['foundation']['database']['asTenants'] = (...args) =>
  fixture.foundation.database.asTenants(...args);

test('R-X3 a record that others change in the meantime is written again, and what was sent before it is not sent again', async () => {
  const flow = {
    nodes: { send: node('test/send'), keep: node('test/keep', { id: 'a' }) },
    edges: chain('start', 'send', 'keep'),
  };
  await fixture.endOf(await fixture.start(flow));
  let times = 0;
  onKept = async () => {
    if (++times > 1) return;
    await inTenant([fixture.tenant.id], (tx) =>
      sql`update millrace.record set version = version + 1 where id = 'a'`.execute(tx),
    );
  };
  expect(await fixture.endOf(await fixture.start(flow))).toMatchObject({ status: 'succeeded', output: { number: 2 } });
  expect(times).toBe(2);
  expect(sent).toHaveLength(2);
});

async function recordOf(id: string): Promise<unknown> {
  const { rows } = await inTenant([fixture.tenant.id], (tx) =>
    sql`select data from millrace.record where id = ${id}`.execute(tx),
  );
  return rows[0];
}

test.each([
  ['a port for failures that leads nowhere', 'refused', 'REFUSED'],
  ['a port that it has not', 'nowhere', 'PORT_UNKNOWN'],
])('R-X3 what a step has written is not kept where it leaves through %s', async (_where, port, code) => {
  const keep = node('test/keep', { id: port, port });
  const run = await fixture.start({ nodes: { keep }, edges: chain('start', 'keep') });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code } });
  expect(await recordOf(port)).toBeUndefined();
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await fixture.endOf(run);
  expect(await recordOf(port)).toBeUndefined();
});

test('R-X3 what a step has written is not kept where its failure is dealt with', async () => {
  const run = await fixture.start({
    nodes: { keep: node('test/keep', { id: 'dealt with', port: 'nowhere' }), told: node('test/send') },
    edges: [...chain('start', 'keep'), { from: 'keep', port: 'error', to: 'told' }],
  });
  expect((await fixture.endOf(run)).status).toBe('succeeded');
  expect(await recordOf('dealt with')).toBeUndefined();
});

test('R-X3 however many runs send something and then write the same record at once, each sends once', async () => {
  const flow = {
    nodes: { send: node('test/send'), keep: node('test/keep', { id: 'shared' }), last: node('test/send') },
    edges: chain('start', 'send', 'keep', 'last'),
  };
  const runs = await Promise.all(Array.from({ length: 6 }, () => fixture.start(flow)));
  await fixture.engine.settle();
  for (const run of runs) expect((await fixture.observe(run)).status).toBe('succeeded');
  expect(sent.toSorted()).toEqual([...runs.map(() => 'last'), ...runs.map(() => 'send')]);
  expect(await recordOf('shared')).toEqual({ data: { number: 5 } });
});

async function openAlerts(): Promise<unknown[]> {
  const { rows } = await inTenant([fixture.tenant.id], (tx) =>
    sql`select code, severity, message, run_id as run from millrace.alert where closed_at is null order by at`.execute(
      tx,
    ),
  );
  return rows;
}

test('R-C3 an alert of a flow is raised once while it is open, and anew once it was closed', async () => {
  const raising = { nodes: { tell: node('test/tell', { code: 'OFF' }) }, edges: chain('start', 'tell') };
  const closing = { nodes: { tell: node('test/tell', { code: 'OFF', close: true }) }, edges: chain('start', 'tell') };
  const first = await fixture.start(raising);
  await fixture.endOf(first);
  await fixture.endOf(await fixture.start(raising));
  const alert = { code: 'OFF', severity: 'warning', message: 'It is off.' };
  expect(await openAlerts()).toEqual([{ ...alert, run: first }]);
  await fixture.endOf(await fixture.start(closing));
  expect(await openAlerts()).toEqual([]);
  const third = await fixture.start(raising);
  await fixture.endOf(third);
  expect(await openAlerts()).toEqual([{ ...alert, run: third }]);
  await fixture.endOf(await fixture.start(closing));
});

test('R-C3 of what is raised and closed again in one go, the last counts', async () => {
  const flow = {
    nodes: { raise: node('test/tell', { code: 'OFF' }), close: node('test/tell', { code: 'OFF', close: true }) },
    edges: chain('start', 'raise', 'close'),
  };
  await fixture.endOf(await fixture.start(flow));
  expect(await openAlerts()).toEqual([]);
});

test('R-C3 a step that fails has raised nothing', async () => {
  const flow = { nodes: { tell: node('test/tell', { code: 'OFF', port: 'refused' }) }, edges: chain('start', 'tell') };
  expect(await fixture.endOf(await fixture.start(flow))).toMatchObject({
    status: 'failed',
    error: { code: 'REFUSED' },
  });
  expect(await openAlerts()).toEqual([]);
});

test('R-C3 a flow cannot raise what Millrace itself raises, and would close', async () => {
  const flow = { nodes: { tell: node('test/tell', { code: 'FLOW_FAILING' }) }, edges: chain('start', 'tell') };
  expect(await fixture.endOf(await fixture.start(flow))).toMatchObject({ error: { code: 'ALERT_CODE_RESERVED' } });
});
