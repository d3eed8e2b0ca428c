/** What the tests of the history share: an engine with nodes that wait, fail and keep files, and a look past the rights of the application. Tests only. */
import { AnyJson, defineNode, emit, type Json, type JsonObject, MillraceError, wait } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import pg from 'pg';
import Type from 'typebox';
import { startFixture } from '../engine/engine.fixture.ts';
import { readRun } from '../runs/read-run.ts';
import { archiveOver } from './archive.ts';
import { forgetOld } from './forget.ts';
import type { HistorySettings } from './settings.ts';

const described = {
  version: 1,
  summary: 'A test.',
  icon: 'x',
  input: AnyJson,
  outputs: { out: AnyJson },
  examples: [],
};

const pass = defineNode({
  ...described,
  id: 'test/pass',
  title: 'Pass',
  config: Type.Object({}),
  effect: 'pure',
  run: (input) => emit('out', input),
});

const refuse = defineNode({
  ...described,
  id: 'test/refuse',
  title: 'Refuse',
  config: Type.Object({}),
  effect: 'read',
  run() {
    throw new MillraceError('REFUSED', 'The order is refused.');
  },
});

const waiting = defineNode({
  ...described,
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({ key: Type.String() }),
  effect: 'read',
  run: (_input, { key }) => wait({ channel: 'ack', key, detail: { key } }),
  resume: ({ payload }) => emit('out', payload),
});

const keep = defineNode({
  ...described,
  id: 'test/keep',
  title: 'Keep',
  config: Type.Object({}),
  effect: 'idempotent-write',
  async run(_input, _config, { blobs }) {
    const content = (async function* () {
      yield Buffer.from('a file');
    })();
    return emit('out', { ...(await blobs.write(content, { name: 'a.txt', mediaType: 'text/plain' })) });
  },
});

export const minute = 60_000;
export const day = 86_400_000;

export const settings: HistorySettings = {
  archiveAfterMs: 5 * minute,
  keepMs: { short: 7 * day, normal: 90 * day, long: 400 * day },
  keepEventsMs: 30 * day,
  keepSignalsMs: 30 * day,
};

type Flow = Pick<FlowDocument, 'nodes' | 'edges'>;

/** `start` and then one node. */
export function flowOf(type: string, config: JsonObject = {}): Flow {
  return { nodes: { only: { type, version: 1, config } }, edges: [{ from: 'start', to: 'only' }] };
}

export async function openHistory() {
  const fixture = await startFixture({ nodes: [pass, refuse, waiting, keep] });
  const { engine, foundation, clock, tenant, url } = fixture;
  const { database } = foundation;
  const owner = new pg.Client(url);
  await owner.connect();
  // Row-level security binds the owner too.
  await owner.query(`set app.tenants = '{${tenant.id}}'`);
  const query = async <T extends object>(text: string, values: unknown[] = []) =>
    (await owner.query<T>(text, values)).rows;

  return {
    ...fixture,
    database,
    query,
    /** A run from its start until nothing is left to do for it here. */
    async run(flow: Flow, payload: JsonObject = {}): Promise<string> {
      const id = await fixture.start(flow, payload);
      await engine.settle();
      return id;
    },
    signal: (key: string, payload: Json = {}, fingerprint = key) =>
      engine.signal({
        tenant: tenant.id,
        environment: 'production',
        channel: 'ack',
        key,
        source: 'test',
        fingerprint,
        payload,
      }),
    async later(ms: number) {
      await clock.advanceTo(new Date((await clock.now()).getTime() + ms));
    },
    archive: () => archiveOver(database, settings.archiveAfterMs),
    forget: () => forgetOld(database, settings),
    story: (run: string) => database.asTenants([tenant.id], (tx) => readRun(tx, tenant.id, run)),
    /** Ids of the runs in the live table. */
    live: async () => (await query<{ id: string }>('select id from millrace.run order by id')).map(({ id }) => id),
    archived: async () =>
      (await query<{ id: string }>('select id from millrace.archived_run order by id')).map(({ id }) => id),
    async stop() {
      await owner.end();
      await fixture.stop();
    },
  };
}

export type HistoryFixture = Awaited<ReturnType<typeof openHistory>>;
