/** What the tests of the history share: an engine with nodes that wait, fail and keep files, and a look past the rights of the application. Tests only. */
import {
  AnyJson,
  type BlobRef,
  defineNode,
  Expression,
  emit,
  type Json,
  type JsonObject,
  MillraceError,
  wait,
} from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import pg from 'pg';
import Type from 'typebox';
import { startFixture } from '../engine/engine.fixture.ts';
import { described } from '../engine/flows.fixture.ts';
import { readRun } from '../runs/read-run.ts';
import { archiveOver } from './archive.ts';
import { forgetOld } from './forget.ts';
import type { HistorySettings } from './settings.ts';

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

/** Writes a file; packed, it comes with so much else that the whole is kept apart as a large value. */
const keep = defineNode({
  ...described,
  id: 'test/keep',
  title: 'Keep',
  config: Type.Object({ packed: Type.Optional(Type.Boolean()) }),
  effect: 'idempotent-write',
  async run(_input, { packed = false }, { blobs }) {
    const content = (async function* () {
      yield Buffer.from('a file');
    })();
    const file = { ...(await blobs.write(content, { name: 'a.txt', mediaType: 'text/plain' })) };
    return emit('out', packed ? { file, label: 'x'.repeat(100_000) } : file);
  },
});

/** Hands on what it got to another flow, and goes its own way, or waits for what that flow makes of it. */
const handOn = defineNode({
  ...described,
  id: 'test/hand-on',
  title: 'Hand on',
  config: Type.Object({ flow: Type.String(), waits: Type.Boolean() }),
  effect: 'stored',
  async run(input, { flow, waits }, { runs }) {
    const key = await runs.call(flow, input, { detached: !waits });
    return waits ? wait({ channel: 'run', key }) : emit('out', { run: key });
  },
  resume: ({ payload }) => emit('out', (payload as { output: Json }).output),
});

const announce = defineNode({
  ...described,
  id: 'test/announce',
  title: 'Announce',
  config: Type.Object({ topic: Type.String() }),
  effect: 'stored',
  async run(input, { topic }, { runs }) {
    await runs.publish(topic, input);
    return emit('out', null);
  },
});

const open = defineNode({
  ...described,
  id: 'test/open',
  title: 'Open',
  config: Type.Object({ file: Expression(AnyJson) }),
  effect: 'read',
  async run(_input, { file }, { blobs }) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of blobs.read(file as BlobRef)) chunks.push(chunk);
    return emit('out', Buffer.concat(chunks).toString());
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
  const fixture = await startFixture({ nodes: [pass, refuse, waiting, keep, handOn, announce, open] });
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
    forget: () => forgetOld(foundation.payloads, settings),
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
