/** Steps that write records and start runs: all of it holds with their transition, or none; the real engine. */
import { defineNode, emit } from '@millrace/contract';
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
  config: Type.Object({ id: Type.String() }),
  effect: 'stored',
  async run(_input, { id }, { records }) {
    const number = (await records.get('thing', id))?.version ?? 0;
    const { data } = await records.put('thing', id, { number });
    await onKept();
    return emit('out', data);
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
