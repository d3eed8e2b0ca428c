/** Steps that write records and start runs: all of it holds with their transition, or none; the real engine. */
import { AnyJson, defineNode, emit, Failure } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node } from './flows.fixture.ts';

/** Steps that have written to the other system. */
let sent: string[] = [];
/** What happens once a step has written its record. */
let onKept: () => Promise<void> | void = () => undefined;

const send = defineNode({
  ...described,
  id: 'test/send',
  title: 'Send',
  config: Type.Object({}),
  effect: 'unsafe-write',
  run(input, _config, { step }) {
    sent.push(step);
    return emit('out', input);
  },
});

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

const thing = { id: 'thing', title: 'Thing', schema: { type: 'object' } };

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, keep], recordTypes: [thing], leaseMs: 3_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  sent = [];
  onKept = () => undefined;
});

async function endOf(run: string) {
  await fixture.engine.settle();
  return fixture.observe(run);
}

const inTenant: EngineFixture['foundation']['database']['asTenants'] = (...args) =>
  fixture.foundation.database.asTenants(...args);

test('R-X3 a record that others change in the meantime is written again, and what was sent before it is not sent again', async () => {
  const flow = {
    nodes: { send: node('test/send'), keep: node('test/keep', { id: 'a' }) },
    edges: chain('start', 'send', 'keep'),
  };
  await endOf(await fixture.start(flow));
  let times = 0;
  onKept = async () => {
    if (++times > 1) return;
    await inTenant([fixture.tenant.id], (tx) =>
      sql`update millrace.record set version = version + 1 where id = 'a'`.execute(tx),
    );
  };
  expect(await endOf(await fixture.start(flow))).toMatchObject({ status: 'succeeded', output: { number: 2 } });
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
  expect(await endOf(run)).toMatchObject({ status: 'failed', error: { code } });
  expect(await recordOf(port)).toBeUndefined();
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await endOf(run);
  expect(await recordOf(port)).toBeUndefined();
});

test('R-X3 what a step has written is not kept where its failure is dealt with', async () => {
  const run = await fixture.start({
    nodes: { keep: node('test/keep', { id: 'dealt with', port: 'nowhere' }), told: node('test/send') },
    edges: [...chain('start', 'keep'), { from: 'keep', port: 'error', to: 'told' }],
  });
  expect((await endOf(run)).status).toBe('succeeded');
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
