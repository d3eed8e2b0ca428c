import { complete, type FlowDocument } from '@millrace/flow';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { versionOf } from '../flows/version.ts';
import { replaceSubscriptions } from '../postgres/events/replace-subscriptions.ts';
import { deploy } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { type RetentionClass, setRetention } from '../postgres/history/retention.ts';
import { saveDeployment } from './deployment.fixture.ts';
import { day, flowOf, type HistoryFixture, minute, openHistory } from './history.fixture.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
});
afterAll(() => history?.stop());

const node = (type: string, config: Record<string, string | boolean> = {}) => ({ type, version: 1, config });
const count = async (table: string) => (await history.query(`select from millrace.${table}`)).length;

type Flow = Pick<FlowDocument, 'nodes' | 'edges'>;

/** Waits for a signal, then reads the file with which it was started. */
const readerAfter = (key: string): Flow => ({
  nodes: { wait: node('test/wait', { key }), open: node('test/open', { file: '{% $trigger.body %}' }) },
  edges: [
    { from: 'start', to: 'wait' },
    { from: 'wait', to: 'open' },
  ],
});

const keepAnd = (next: ReturnType<typeof node>): Flow => ({
  nodes: { keep: node('test/keep'), next },
  edges: [
    { from: 'start', to: 'keep' },
    { from: 'keep', to: 'next' },
  ],
});

/** Deploys a flow that others can call, and that hears of a topic. */
async function deployed(flowId: string, flow: Flow, retention: RetentionClass = 'normal'): Promise<void> {
  const start = { type: 'test/start', version: 1, config: {} };
  const document: FlowDocument = { format: 1, id: flowId, name: flowId, ...flow, nodes: { start, ...flow.nodes } };
  const tenant = history.tenant.id;
  const place = { tenant, environment: 'production', flowId };
  const version = versionOf({ flow: document });
  await history.database.asTenants([tenant], async (tx) => {
    await saveVersion(tx, { tenant, hash: version, bundle: complete({ flow: document }) });
    await deploy(tx, { ...place, version, parameters: {}, connections: {} }, { routes: [], recordTypes: [] });
    await setRetention(tx, place, retention);
    await replaceSubscriptions(tx, place, [{ node: 'start', topic: 'order scanned' }]);
  });
}

/** The runs of the flow “test” are forgotten, as runs of the class “short” are after seven days. */
async function forgetWriters(): Promise<void> {
  await saveDeployment(history, 'short');
  await history.later(6 * minute);
  await history.archive();
  await history.later(9 * day);
  await history.forget();
  expect(
    await history.query("select from millrace.all_runs where flow_id = 'test' and finished_at is not null"),
  ).toEqual([]);
}

const outputOf = async (run: string) => (await history.story(run))?.run.output;

test.each([
  ['a flow that was called and goes its own way', node('test/hand-on', { flow: 'reader', waits: false })],
  ['a flow that heard of an event', node('test/announce', { topic: 'order scanned' })],
])('R-X3 %s reads a file after the run that wrote it is forgotten', async (_who, next) => {
  await deployed('reader', readerAfter('4711'));
  await history.run(keepAnd(next));
  await forgetWriters();
  const [reader] = await history.live();
  await history.signal('4711');
  await history.engine.settle();
  expect(await outputOf(reader as string)).toBe('a file');
  await history.later(200 * day);
  await history.archive();
  await history.forget();
  expect([await count('payload'), await count('payload_use')]).toEqual([0, 0]);
});

test('R-X3 a replay reads a file, in whatever it is packed, after the run that wrote it is forgotten', async () => {
  const steps = ['start', 'keep', 'wait', 'open'];
  const run = await history.run({
    nodes: {
      keep: node('test/keep', { packed: true }),
      wait: node('test/wait', { key: '4711' }),
      open: node('test/open', { file: '{% $steps.keep.file %}' }),
    },
    edges: steps.slice(1).map((to, index) => ({ from: steps[index] as string, to })),
  });
  await history.signal('4711');
  await history.engine.settle();
  expect(await outputOf(run)).toBe('a file');
  const again = await history.engine.replay({ tenant: history.tenant.id, run, from: 'wait', by: 'Ann' });
  await history.engine.settle();
  await forgetWriters();
  await history.signal('4711', {}, 'the second');
  await history.engine.settle();
  expect(await outputOf(again)).toBe('a file');
});

test('R-X3 a file that a called flow gave back is kept for as long as the run that got it', async () => {
  await deployed('maker', flowOf('test/keep'), 'short');
  const run = await history.run({
    nodes: { make: node('test/hand-on', { flow: 'maker', waits: true }), open: node('test/open', { file: '{% $ %}' }) },
    edges: [
      { from: 'start', to: 'make' },
      { from: 'make', to: 'open' },
    ],
  });
  await history.later(6 * minute);
  await history.archive();
  await history.later(9 * day);
  await history.forget();
  expect(await history.archived()).toEqual([run]);
  const again = await history.engine.replay({ tenant: history.tenant.id, run, from: 'open', by: 'Ann' });
  await history.engine.settle();
  expect(await outputOf(again)).toBe('a file');
});
