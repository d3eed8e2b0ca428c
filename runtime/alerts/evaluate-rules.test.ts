import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { day, flowOf, type HistoryFixture, minute, openHistory } from '../history/history.fixture.ts';
import { heartbeat, sayGoodbye } from '../postgres/processes/heartbeat.ts';
import { discardDeadLetters } from '../postgres/runs/discard-dead-letters.ts';
import { evaluateRules } from './evaluate-rules.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
});
afterAll(() => history?.stop());

const evaluate = () => evaluateRules(history.database);
/** Codes of the alerts, oldest first; those that are over in brackets. */
const told = async () =>
  (
    await history.query<{ code: string; over: boolean }>(
      'select code, closed_at is not null as over from millrace.alert order by id',
    )
  ).map(({ code, over }) => (over ? `(${code})` : code));
const raise = (incident: string, code: string, run: string | null = null) =>
  history.query(
    `insert into millrace.alert (tenant_id, incident, code, severity, message, run_id)
     values ($1, $2, $3, 'warning', 'It failed.', $4) on conflict do nothing`,
    [history.tenant.id, incident, code, run],
  );
const discardAll = async () => {
  const open = await history.query<{ run: string }>('select run_id as run from millrace.dead_letter');
  const runs = open.map(({ run }) => run);
  await history.database.asTenants([history.tenant.id], (tx) => discardDeadLetters(tx, runs, { by: 'Ann', note: '' }));
};

describe('a flow whose steps are refused', () => {
  test('R-F8 is told once, for as long as it lasts, and again when it comes again', async () => {
    for (let n = 0; n < 9; n++) await history.run(flowOf('test/refuse'));
    await evaluate();
    expect(await told()).toEqual([]);
    await history.run(flowOf('test/refuse'));
    await discardAll();
    await evaluate();
    await history.run(flowOf('test/refuse'));
    await evaluate();
    expect(await told()).toEqual(['FLOW_FAILING']);
    await history.later(16 * minute);
    await evaluate();
    expect(await told()).toEqual(['(FLOW_FAILING)']);
    for (let n = 0; n < 10; n++) await history.run(flowOf('test/refuse'));
    await discardAll();
    await evaluate();
    expect(await told()).toEqual(['(FLOW_FAILING)', 'FLOW_FAILING']);
  });

  test('R-F8 is one incident while it keeps failing, though now and then there are fewer failures than it began with', async () => {
    for (let n = 0; n < 10; n++) await history.run(flowOf('test/refuse'));
    await discardAll();
    await evaluate();
    for (let n = 0; n < 3; n++) {
      await history.later(10 * minute);
      await history.run(flowOf('test/refuse'));
      await discardAll();
      await evaluate();
    }
    expect(await told()).toEqual(['FLOW_FAILING']);
    await history.later(16 * minute);
    await evaluate();
    expect(await told()).toEqual(['(FLOW_FAILING)']);
  });

  test('is told though its runs are archived', async () => {
    for (let n = 0; n < 10; n++) await history.run(flowOf('test/refuse'));
    await discardAll();
    await history.later(6 * minute);
    expect(await history.archive()).toBe(10);
    await evaluate();
    expect(await told()).toEqual(['FLOW_FAILING']);
  });
});

test('a failed run is told after a day, until somebody has dealt with it', async () => {
  await history.run(flowOf('test/refuse'));
  await evaluate();
  expect(await told()).toEqual([]);
  await history.later(day);
  await evaluate();
  expect(await told()).toEqual(['DEAD_LETTERS']);
  await discardAll();
  await evaluate();
  expect(await told()).toEqual(['(DEAD_LETTERS)']);
});

describe('a run that nobody takes', () => {
  const makeReady = (run: string) =>
    history.query("update millrace.run set status = 'running', lease_until = null where id = $1", [run]);

  test('is told from a minute on', async () => {
    const run = await history.run(flowOf('test/wait', { key: '1' }));
    await history.engine.stop();
    await makeReady(run);
    await evaluate();
    expect(await told()).toEqual([]);
    await history.later(2 * minute);
    await evaluate();
    expect(await told()).toEqual(['RUNS_LATE']);
    await history.query("update millrace.run set status = 'waiting'");
    await evaluate();
    expect(await told()).toEqual(['(RUNS_LATE)']);
  });

  test('that a timer has just woken is not late, however long it has waited; nor is a paused one', async () => {
    const [woken, paused] = [
      await history.run(flowOf('test/wait', { key: '1' })),
      await history.run(flowOf('test/wait', { key: '2' })),
    ];
    await history.engine.stop();
    await history.later(day);
    await history.query(
      `insert into millrace.timer (tenant_id, run_id, step, kind, due_at, fired)
       values ($1, $2, 'only', 'due', millrace.now(), true)`,
      [history.tenant.id, woken],
    );
    await makeReady(woken);
    await makeReady(paused);
    await history.query('update millrace.run set held = true where id = $1', [paused]);
    await evaluate();
    expect(await told()).toEqual([]);
  });
});

test('a timer that nobody fires is told', async () => {
  const run = await history.run(flowOf('test/wait', { key: '1' }));
  await history.engine.stop();
  await history.query(
    `insert into millrace.timer (tenant_id, run_id, step, kind, due_at) values ($1, $2, 'only', 'due', millrace.now())`,
    [history.tenant.id, run],
  );
  await evaluate();
  expect(await told()).toEqual([]);
  await history.later(2 * minute);
  await evaluate();
  expect(await told()).toEqual(['TIMERS_LATE']);
});

describe('processes', () => {
  const process = (id: number, roles = ['worker'], host = 'one') => ({
    id: `00000000-0000-7000-8000-00000000000${id}`,
    host,
    pid: id,
    version: '0',
    roles,
  });
  const beat = (row: ReturnType<typeof process>) => history.database.asScanner((tx) => heartbeat(tx, row));
  /** As if it had not been heard of for some time. */
  const silence = ({ id }: ReturnType<typeof process>) =>
    history.query("update millrace.process set seen_at = seen_at - interval '1 minute' where id = $1", [id]);

  test('that died are told until something takes their place', async () => {
    await beat(process(1));
    await beat(process(2));
    await silence(process(1));
    await beat(process(2));
    await evaluate();
    expect(await told()).toEqual(['PROCESS_LOST']);
    await beat(process(3));
    await evaluate();
    expect(await told()).toEqual(['(PROCESS_LOST)']);
  });

  test('that work on runs must be there', async () => {
    await beat(process(1, ['api']));
    await evaluate();
    expect(await told()).toEqual(['WORKERS_GONE']);
    await beat(process(2));
    await evaluate();
    expect(await told()).toEqual(['(WORKERS_GONE)']);
  });

  test('that say goodbye are not missed', async () => {
    await beat(process(1));
    await beat(process(2));
    await history.database.asScanner((tx) => sayGoodbye(tx, process(1).id));
    await evaluate();
    expect(await told()).toEqual([]);
  });

  test('on another host take nobody’s place', async () => {
    await beat(process(1));
    await silence(process(1));
    await beat(process(2, ['worker'], 'two'));
    await evaluate();
    expect(await told()).toEqual(['PROCESS_LOST']);
  });
});

describe('what a commit has raised', () => {
  test('of a failing step stays until the step has done its work', async () => {
    const run = await history.run(flowOf('test/wait', { key: '1' }));
    await raise(`${run}/only/STEP_FAILING`, 'STEP_FAILING', run);
    await evaluate();
    expect(await told()).toEqual(['STEP_FAILING']);
    await history.signal('1');
    await history.engine.settle();
    await evaluate();
    expect(await told()).toEqual(['(STEP_FAILING)']);
  });

  test('of a failing step stays until somebody has dealt with its run', async () => {
    const run = await history.run(flowOf('test/refuse'));
    await raise(`${run}/only/STEP_FAILING`, 'STEP_FAILING', run);
    await evaluate();
    expect(await told()).toEqual(['STEP_FAILING']);
    await discardAll();
    await evaluate();
    expect(await told()).toEqual(['(STEP_FAILING)']);
  });

  test('of an overdue wait stays until the wait has ended', async () => {
    const run = await history.run(flowOf('test/wait', { key: '1' }));
    await raise(`${run}/only/WAIT_OVERDUE`, 'WAIT_OVERDUE', run);
    await evaluate();
    expect(await told()).toEqual(['WAIT_OVERDUE']);
    await history.signal('1');
    await history.engine.settle();
    await evaluate();
    expect(await told()).toEqual(['(WAIT_OVERDUE)']);
  });

  test('once over, the same may be told again', async () => {
    const incident = 'x/only/WAIT_OVERDUE';
    await raise(incident, 'WAIT_OVERDUE');
    await raise(incident, 'WAIT_OVERDUE');
    await evaluate();
    await raise(incident, 'WAIT_OVERDUE');
    expect(await told()).toEqual(['(WAIT_OVERDUE)', 'WAIT_OVERDUE']);
  });
});

test('of a source that cannot be polled it stays until it can', async () => {
  await history.run(flowOf('test/pass'));
  await history.query(
    `with d as (
       insert into millrace.deployment (tenant_id, environment, flow_id, version, parameters, connections)
       select tenant_id, environment, flow_id, version, '{}', '{}' from millrace.run returning *)
     insert into millrace.source (tenant_id, environment, flow_id, node, type, every_ms, failures, failing_since)
     select tenant_id, environment, flow_id, 'poll', 'test/poll', 1000, 3, millrace.now() from d`,
  );
  await raise('source production test poll 2026-01-01T00:00:00.000Z', 'SOURCE_FAILING');
  await evaluate();
  expect(await told()).toEqual(['SOURCE_FAILING']);
  await history.query('update millrace.source set failing_since = null, failures = 0');
  await evaluate();
  expect(await told()).toEqual(['(SOURCE_FAILING)']);
});
