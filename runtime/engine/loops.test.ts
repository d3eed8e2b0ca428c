/** Loops in the real engine. Long because every kind of loop needs a node of its own, and all share one engine. */
import {
  AnyJson,
  defineNode,
  Expression,
  each,
  emit,
  Failure,
  isBlobRef,
  type Json,
  MillraceError,
  type NodeContext,
  pass,
} from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { replaceSubscriptions } from '../postgres/events/replace-subscriptions.ts';
import { deploy } from '../postgres/flows/deployments.ts';
import { loadRevision } from '../postgres/runs/load-revision.ts';
import { loadReplayedRun, type ReplayedRun } from '../postgres/runs/replay-runs.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { described, node, sending, value, waitingAnHour } from './flows.fixture.ts';

/** What the other system was sent, with the idempotency keys. */
let sent: { key: string; input: Json }[] = [];
let onSend: (input: Json, ctx: NodeContext) => Promise<void> = async () => undefined;

const forEach = defineNode({
  ...described,
  id: 'test/each',
  title: 'Each',
  body: true,
  config: Type.Object({
    items: Expression(Type.Unsafe<Json>({})),
    concurrency: Type.Optional(Type.Integer()),
    onItemError: Type.Optional(Type.Enum(['stop', 'continue'])),
  }),
  outputs: { out: AnyJson, partial: Failure('ITEMS_FAILED', AnyJson) },
  effect: 'pure',
  run: (_input, { items, concurrency = 1, onItemError = 'stop' }) =>
    each({
      items: items as readonly Json[],
      concurrency,
      onItemError,
    }),
});

const list = defineNode({
  ...described,
  id: 'test/list',
  title: 'List',
  config: Type.Object({ length: Type.Integer() }),
  effect: 'read',
  async run(_input, { length }, { blobs }) {
    const items = Array.from({ length }, (_, index) => ({ index }));
    return emit('out', (await blobs.writeLines(items, { name: 'items.jsonl' })) as unknown as Json);
  },
});

const repeat = defineNode({
  ...described,
  id: 'test/repeat',
  title: 'Repeat',
  body: true,
  config: Type.Object({ times: Type.Integer() }),
  effect: 'pure',
  run: (input) => pass(input),
  passEnded: (output, index, { times }) => (index + 1 < times ? pass(output) : emit('out', output)),
});

const send = sending(async (input, ctx) => {
  sent.push({ key: ctx.idempotencyKey(), input });
  await onSend(input, ctx);
  return { sent: input };
});

/** Makes for each order what fills a page, and hands it on: kept in the history, in a record, to whoever hears of it. */
const pages = {
  make: defineNode({
    ...described,
    id: 'test/make',
    title: 'Make',
    config: Type.Object({}),
    effect: 'pure',
    run: (input) => emit('out', pageFor(input)),
  }),
  put: defineNode({
    ...described,
    id: 'test/put',
    title: 'Put',
    config: Type.Object({}),
    effect: 'stored',
    async run(input, _config, { records }) {
      await records.put('page', String(input), { page: pageFor(input) });
      return emit('out', null);
    },
  }),
  publish: defineNode({
    ...described,
    id: 'test/publish',
    title: 'Publish',
    config: Type.Object({}),
    effect: 'stored',
    async run(input, _config, { runs }) {
      await runs.publish('page made', pageFor(input));
      return emit('out', null);
    },
  }),
};
const pageFor = (order: Json) => `${order}`.padEnd(50_000, 'x');
const page = { id: 'page', title: 'Page', schema: { type: 'object', properties: { page: { type: 'string' } } } };

let fixture: EngineFixture;
beforeAll(async () => {
  const nodes = [forEach, list, repeat, send, value, waitingAnHour, ...Object.values(pages)];
  fixture = await startFixture({ nodes, recordTypes: [page], leaseMs: 3_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  sent = [];
  onSend = async () => undefined;
});

const sendEach = (config: Record<string, unknown> = {}) => ({
  nodes: { lines: node('test/each', { items: '{% items %}', ...config }), send: node('test/send', {}, 'lines') },
  edges: [{ from: 'start', to: 'lines' }],
});

/** Commits of a run. */
async function commitsOf(run: string): Promise<number> {
  const { foundation, tenant } = fixture;
  return (await foundation.database.asTenants([tenant.id], (tx) => loadRevision(tx, run))) ?? 0;
}

async function rowsOf(table: string, run: string): Promise<unknown[]> {
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql`select * from ${sql.table(`millrace.${table}`)} where run_id = ${run}`.execute(tx),
  );
  return rows;
}

test('R-X2 a for-each performs its body for each item and gives the results in the order of the items', async () => {
  onSend = async (input) => {
    if (input === 'a') await new Promise((resolve) => setImmediate(resolve));
  };
  const run = await fixture.start(sendEach({ concurrency: 3 }), { items: ['a', 'b', 'c', 'd'] });
  expect(await fixture.endOf(run)).toMatchObject({
    status: 'succeeded',
    output: [{ sent: 'a' }, { sent: 'b' }, { sent: 'c' }, { sent: 'd' }],
  });
  expect(new Set(sent.map(({ key }) => key)).size).toBe(4);
});

test('R-X2 nothing of a loop is left behind when the run has ended', async () => {
  const run = await fixture.start(sendEach(), { items: ['a', 'b'] });
  await fixture.endOf(run);
  expect(await rowsOf('pass', run)).toEqual([]);
  expect(await rowsOf('pass_result', run)).toEqual([]);
});

test('R-X2 an empty list gives an empty list', async () => {
  expect(await fixture.endOf(await fixture.start(sendEach(), { items: [] }))).toMatchObject({
    status: 'succeeded',
    output: [],
  });
});

test('R-X2 inside the body the item, its index and the steps before the loop can be read', async () => {
  const run = await fixture.start(
    {
      nodes: {
        head: node('test/value', { value: '{% { "currency": "EUR" } %}' }),
        lines: node('test/each', { items: '{% $trigger.body.items %}' }),
        line: node('test/value', { value: '{% $steps.head.currency & " " & $item & " " & $index %}' }, 'lines'),
      },
      edges: [
        { from: 'start', to: 'head' },
        { from: 'head', to: 'lines' },
      ],
    },
    { items: ['a', 'b'] },
  );
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: ['EUR a 0', 'EUR b 1'] });
});

const refuseB = async (input: Json) => {
  if (input === 'b') throw new MillraceError('REFUSED', 'No b.');
};

test('R-X2 an item that fails stops the loop; redriven, the run goes on with that item and the same key', async () => {
  onSend = refuseB;
  const run = await fixture.start(sendEach(), { items: ['a', 'b', 'c'] });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'REFUSED' } });
  expect(sent.map(({ input }) => input)).toEqual(['a', 'b']);
  onSend = async () => undefined;
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  expect(await fixture.endOf(run)).toMatchObject({
    status: 'succeeded',
    output: [{ sent: 'a' }, { sent: 'b' }, { sent: 'c' }],
  });
  expect(sent.map(({ input }) => input)).toEqual(['a', 'b', 'b', 'c']);
  expect(sent[2]?.key).toBe(sent[1]?.key);
});

test('R-X2 a loop that goes on after errors leaves through “partial” with what failed', async () => {
  onSend = refuseB;
  const flow = sendEach({ onItemError: 'continue' });
  const run = await fixture.start(
    {
      nodes: {
        ...flow.nodes,
        report: node('test/value', { value: '{% $.{ "failed": errors.index, "ok": $count(results) } %}' }),
      },
      edges: [...flow.edges, { from: 'lines', port: 'partial', to: 'report' }],
    },
    { items: ['a', 'b', 'c'] },
  );
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { failed: 1, ok: 3 } });
});

test('R-X2 a body is repeated until its node has had enough', async () => {
  const run = await fixture.start(
    {
      nodes: {
        again: node('test/repeat', { times: 3 }),
        add: node('test/value', { value: '{% $item.n + 1 %}' }, 'again'),
        wrap: node('test/value', { value: '{% { "n": $steps.add } %}' }, 'again'),
      },
      edges: [
        { from: 'start', to: 'again' },
        { from: 'add', to: 'wrap' },
      ],
    },
    { n: 1 },
  );
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { n: 4 } });
});

test('R-X2 $now in a later pass is when that began, not when the loop did', async () => {
  const run = await fixture.start({
    nodes: {
      again: node('test/repeat', { times: 2 }),
      begun: node('test/value', { value: '{% $now() %}' }, 'again'),
      rest: node('test/wait', { key: 'an hour' }, 'again'),
      told: node('test/value', { value: '{% $steps.begun %}' }, 'again'),
    },
    edges: [
      { from: 'start', to: 'again' },
      { from: 'begun', to: 'rest' },
      { from: 'rest', port: 'expired', to: 'told' },
      { from: 'rest', to: 'told' },
    ],
  });
  await fixture.engine.settle();
  const before = await fixture.clock.now();
  await fixture.clock.advanceTo(new Date(before.getTime() + 3_600_000));
  await fixture.engine.settle();
  await fixture.signal('an hour', 'over');
  const { status, output } = await fixture.endOf(run);
  expect(status).toBe('succeeded');
  expect(new Date(`${output}`).getTime()).toBeGreaterThanOrEqual(before.getTime() + 3_600_000);
});

test('R-X2 R-X3 items wait side by side, each for its own signal, over a restart', async () => {
  const run = await fixture.start(
    {
      nodes: {
        lines: node('test/each', { items: '{% items %}', concurrency: 2 }),
        ack: node('test/wait', { key: '{% $item %}' }, 'lines'),
      },
      edges: [{ from: 'start', to: 'lines' }],
    },
    { items: ['w-1', 'w-2', 'w-3'] },
  );
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await fixture.signal('w-2', 'second');
  await fixture.engine.settle();
  const other = await fixture.another();
  await fixture.signal('w-1', 'first');
  await fixture.signal('w-3', 'third');
  await other.settle();
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: ['first', 'second', 'third'] });
});

test('R-X2 when a loop stops, what waits in its other passes waits no more', async () => {
  onSend = refuseB;
  const run = await fixture.start(
    {
      nodes: {
        lines: node('test/each', { items: '{% items %}', concurrency: 2 }),
        ack: node('test/wait', { key: '{% "stop-" & $item %}' }, 'lines'),
        send: node('test/send', {}, 'lines'),
        caught: node('test/value', { value: '{% $error.code %}' }),
        after: node('test/wait', { key: 'after the loop' }),
      },
      edges: [
        { from: 'start', to: 'lines' },
        { from: 'ack', to: 'send' },
        { from: 'lines', port: 'error', to: 'caught' },
        { from: 'caught', to: 'after' },
      ],
    },
    { items: ['a', 'b'] },
  );
  await fixture.engine.settle();
  await fixture.signal('stop-b', 'b');
  expect((await fixture.endOf(run)).status).toBe('waiting');
  const waits = (await rowsOf('wait', run)) as { step: string; state: string }[];
  expect(waits.filter(({ state }) => state === 'open').map(({ step }) => step)).toEqual(['after']);
  expect(await rowsOf('pass', run)).toEqual([]);
});

test('R-X2 a long list is read as the passes go along, and its results become a list in the payload store', async () => {
  const run = await fixture.start({
    nodes: {
      list: node('test/list', { length: 12_000 }),
      lines: node('test/each', { items: '{% $ %}', concurrency: 16 }),
      line: node('test/value', { value: '{% $item.index * 2 %}' }, 'lines'),
    },
    edges: [
      { from: 'start', to: 'list' },
      { from: 'list', to: 'lines' },
    ],
  });
  const { status, output, steps } = await fixture.endOf(run);
  expect(status).toBe('succeeded');
  expect(isBlobRef(output)).toBe(true);
  expect(steps.length).toBeLessThan(1_100);
});

test('R-X2 large results of a loop come whole, whatever was committed in between', async () => {
  const nodes = {
    ...sendEach().nodes,
    large: node('test/value', { value: '{% $pad("", 100000, $string($item)) %}' }, 'lines'),
    lengths: node('test/value', { value: '{% $map($, function($one) { $length($one) }) %}' }),
  };
  const edges = [...sendEach().edges, { from: 'send', to: 'large' }, { from: 'lines', to: 'lengths' }];
  const run = await fixture.start({ nodes, edges }, { items: [1, 2, 3] });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: [100_000, 100_000, 100_000] });
});

test.each(['make', 'put', 'publish'] as const)(
  'R-X3 a loop whose passes %s pages owes a few mebibytes at a time, however many they are',
  async (kind) => {
    await subscribeToPages();
    const items = Array.from({ length: 300 }, (_, index) => index);
    const run = await fixture.start(
      {
        nodes: { lines: node('test/each', { items: '{% items %}' }), make: node(`test/${kind}`, {}, 'lines') },
        edges: [{ from: 'start', to: 'lines' }],
      },
      { items },
    );
    expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded' });
    // 15 MB in all.
    expect(await commitsOf(run)).toBeGreaterThanOrEqual(4);
  },
);

/** A flow that does nothing hears of pages. */
async function subscribeToPages(): Promise<void> {
  const { foundation, tenant, start } = fixture;
  const run = await start({
    nodes: { nothing: node('test/value', { value: null }) },
    edges: [{ from: 'start', to: 'nothing' }],
  });
  const place = { tenant: tenant.id, environment: 'production', flowId: 'hears of pages' };
  await foundation.database.asTenants([tenant.id], async (tx) => {
    const { version } = (await loadReplayedRun(tx, run)) as ReplayedRun;
    await deploy(tx, { ...place, version, parameters: {}, connections: {} }, { routes: [], recordTypes: [page] });
    await replaceSubscriptions(tx, place, [{ node: 'start', topic: 'page made' }]);
  });
}
