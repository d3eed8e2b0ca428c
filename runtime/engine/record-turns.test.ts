import { defineNode, emit, MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import type { Commits } from './commits.ts';
import { startFixture } from './engine.fixture.ts';
import { chain, described, node } from './flows.fixture.ts';
import { createRecordTurns } from './record-turns.ts';

const committing: Commits = { add: async () => ({ outcome: 'continue' }) };
const refusing: Commits = {
  add: async () => {
    throw new MillraceError('RECORD_CONFLICT', 'A record was changed by others.');
  },
};

function burstOf(run: string, ...records: readonly string[]): BurstWrites {
  return { run, tenant: 't', environment: 'e', records: records.map((id) => ({ type: 'stock', id })) } as never;
}

describe('R-C4 turns at a record', () => {
  const setup = () => {
    const turns = createRecordTurns();
    const turnOf = (run: string) => turns.turnOf(run, committing);
    const meet = async (run: string, ...records: readonly string[]) => {
      const { commits } = await turns.turnOf(run, refusing);
      await expect(commits.add(burstOf(run, ...records))).rejects.toThrow('changed by others');
    };
    return { turnOf, meet };
  };

  test('who has met nobody waits for nobody', async () => {
    const { turnOf, meet } = setup();
    await meet('a', 'x');
    await turnOf('a');
    await turnOf('b');
  });

  test('those who met go on one after the other, in the order in which they came, each when the one before has committed', async () => {
    const { turnOf, meet } = setup();
    for (const run of ['a', 'b', 'c']) await meet(run, 'x', `own ${run}`);
    const went: string[] = [];
    const go = async (run: string) => {
      const { commits } = await turnOf(run);
      went.push(run);
      await commits.add(burstOf(run));
    };
    const first = await turnOf('a');
    const others = Promise.all([go('b'), go('c')]);
    await turnOf('d');
    expect(went).toEqual([]);
    await first.commits.add(burstOf('a'));
    await others;
    expect(went).toEqual(['b', 'c']);
  });

  test('two records in opposite order do not make two runs wait for each other', async () => {
    const { turnOf, meet } = setup();
    await meet('a', 'x', 'y');
    await meet('b', 'y', 'x');
    const first = await turnOf('a');
    const second = turnOf('b');
    first.end();
    (await second).end();
  });
});

test('R-C4 runs that all want the same record do little of their work twice', async () => {
  let counted = 0;
  const count = defineNode({
    ...described,
    id: 'test/count',
    title: 'Count',
    config: Type.Object({}),
    effect: 'stored',
    async run(input, _config, { records }) {
      counted++;
      const before = (await records.get('counter', 'one'))?.data.value ?? 0;
      await records.put('counter', 'one', { value: Number(before) + 1 });
      return emit('out', input);
    },
  });
  const counter = { id: 'counter', title: 'Counter', schema: { type: 'object' } };
  const { start, engine, foundation, tenant, stop } = await startFixture({ nodes: [count], recordTypes: [counter] });
  onTestFinished(stop);
  const flow = {
    nodes: { count: node('test/count') },
    edges: chain('start', 'count'),
  };
  const runs = 60;
  await Promise.all(Array.from({ length: runs }, () => start(flow)));
  await engine.settle();
  const { rows } = await foundation.database.asTenants([tenant.id], (tx) =>
    sql`select data from millrace.record where id = 'one'`.execute(tx),
  );
  expect(rows).toEqual([{ data: { value: runs } }]);
  expect(counted).toBeLessThan(runs * 4);
});
