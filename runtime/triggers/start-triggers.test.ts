import { randomUUID } from 'node:crypto';
import { AnyJson, defineNode, emit, type Json } from '@millrace/contract';
import { complete, type FlowDocument } from '@millrace/flow';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineFixture, startFixture } from '../engine/engine.fixture.ts';
import { replaceTriggers } from '../flows/replace-triggers.ts';
import { versionOf } from '../flows/version.ts';
import { deploy } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { startTriggers, type Triggers } from './start-triggers.ts';
import { acceptingOn } from './triggers.fixture.ts';

const sent: Json[] = [];
const send = defineNode({
  id: 'test/send',
  version: 1,
  title: 'Send',
  summary: 'Notes what it was given.',
  icon: 'send',
  config: Type.Object({ what: Type.Unknown({ 'x-expression': true }) }, { additionalProperties: false }),
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'idempotent-write',
  examples: [],
  run(input, { what }) {
    sent.push(what as Json);
    return emit('out', input);
  },
});

let fixture: EngineFixture;
let processes: Triggers[];
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send] });
  await fixture.another();
  const blobs = { of: () => memoryBlobs() };
  const { foundation } = fixture;
  const accepting = acceptingOn(foundation.database);
  processes = [1, 2].map(() => startTriggers(foundation, { accepting, blobs, holder: randomUUID() }));
});
afterAll(async () => {
  await Promise.all(processes.map((triggers) => triggers.stop()));
  await fixture.stop();
});

test('two processes over one database: what was deployed in mid-run fires within moments, once, and its run is run', async () => {
  await deploySchedule();
  const due = await nextTime();
  await fixture.clock.advanceTo(due);
  await vi.waitFor(async () => expect(await outcomes()).toEqual(['succeeded']), 10_000);
  for (const triggers of processes) await triggers.look();
  expect(await outcomes()).toEqual(['succeeded']);
  expect(sent).toEqual([{ data: { warehouse: 'GBG' }, time: due.toISOString() }]);
});

async function outcomes(): Promise<string[]> {
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql<{ status: string }>`select status from millrace.run`.execute(tx),
  );
  return rows.map(({ status }) => status);
}

async function nextTime(): Promise<Date> {
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql<{ at: Date }>`select next_at as at from millrace.schedule`.execute(tx),
  );
  return (rows[0] as { at: Date }).at;
}

async function deploySchedule(): Promise<void> {
  const { foundation, tenant } = fixture;
  const what = '{% { "data": $, "time": $trigger.scheduledFor } %}';
  const document: FlowDocument = {
    format: 1,
    id: 'nightly',
    name: 'Nightly',
    nodes: {
      start: { type: 'test/start', version: 1, config: {} },
      send: { type: 'test/send', version: 1, config: { what } },
    },
    edges: [{ from: 'start', to: 'send' }],
  };
  const version = versionOf({ flow: document });
  const place = { tenant: tenant.id, environment: 'production', flowId: document.id };
  const deployment = { ...place, version, parameters: {}, connections: {} };
  const rule = { rrule: 'FREQ=MINUTELY' };
  const activation = {
    kind: 'schedule',
    rule,
    missed: 'once',
    overlap: 'skip',
    payload: { warehouse: 'GBG' },
  } as const;
  await foundation.database.asTenants([tenant.id], async (tx) => {
    await saveVersion(tx, { tenant: tenant.id, hash: version, bundle: complete({ flow: document }) });
    await deploy(tx, deployment, { routes: [], recordTypes: [] });
    await replaceTriggers(tx, deployment, tenant, [{ node: 'start', type: 'test/start', slot: undefined, activation }]);
  });
}
