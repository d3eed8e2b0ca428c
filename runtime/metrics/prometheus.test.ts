import { createDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowOf, type HistoryFixture, openHistory } from '../history/history.fixture.ts';
import { openDatabase } from '../postgres/database.ts';
import { createMetrics } from './prometheus.ts';

let history: HistoryFixture;
beforeAll(async () => {
  history = await openHistory();
});
afterAll(() => history?.stop());

/** Value of a series, as the text has it. */
const valueIn = (text: string, series: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

test('what was counted and measured is told in the text format', async () => {
  const metrics = createMetrics(history.database);
  metrics.runAccepted();
  metrics.runEnded('failed');
  metrics.committed(3);
  metrics.burst(0.02);
  metrics.evaluated(0.004, 'value', 'engine');
  metrics.evaluated(0.4, 'error', 'guarded');
  metrics.guarded('regex');
  metrics.evaluatorKilled('timeout');
  metrics.timerFired(-0.5);
  metrics.request('GET', '/api/v1/runs/:id', '200', 0.2);
  metrics.watchPlaces(() => ({ used: 5, total: 128 }));
  metrics.watchPool('main', () => ({ used: 3, total: 10, waiting: 2 }));
  const text = await metrics.text();
  expect(Object.fromEntries(expected.map(([series]) => [series, valueIn(text, series)]))).toEqual(
    Object.fromEntries(expected),
  );
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
});

const expected = [
  ['millrace_runs_accepted_total', '1'],
  ['millrace_runs_ended_total{outcome="failed"}', '1'],
  ['millrace_commit_group_size_bucket{le="2"}', '0'],
  ['millrace_commit_group_size_bucket{le="4"}', '1'],
  ['millrace_burst_seconds_count', '1'],
  ['millrace_evaluation_seconds_count{outcome="value",place="engine"}', '1'],
  ['millrace_evaluation_seconds_count{outcome="error",place="guarded"}', '1'],
  ['millrace_evaluations_guarded_total{reason="regex"}', '1'],
  ['millrace_evaluator_kills_total{reason="timeout"}', '1'],
  // Clocks differ by a little; what fired in time was not early.
  ['millrace_timer_lag_seconds_sum', '0'],
  ['millrace_http_request_seconds_count{method="GET",route="/api/v1/runs/:id",status="200"}', '1'],
  ['millrace_bursts_in_flight', '5'],
  ['millrace_places', '128'],
  ['millrace_pool_connections{pool="main",state="used"}', '3'],
  ['millrace_pool_connections{pool="main",state="idle"}', '7'],
  ['millrace_pool_connections{pool="main",state="waiting"}', '2'],
  ['millrace_database_up', '1'],
  ['millrace_runs_ready', '0'],
  ['millrace_runs_ready_oldest_seconds', '0'],
] as const;

test('two instances in one process do not mix', async () => {
  const [one, other] = [createMetrics(history.database), createMetrics(history.database)];
  one.runAccepted();
  expect(valueIn(await other.text(), 'millrace_runs_accepted_total')).toBe('0');
});

test('the backlog of all tenants is read when somebody asks', async () => {
  await history.run(flowOf('test/refuse'));
  const run = await history.run(flowOf('test/wait', { key: '1' }));
  await history.engine.stop();
  await history.query(
    `update millrace.run set status = 'running', lease_until = null, updated_at = millrace.now() - interval '100 s'
     where id = $1`,
    [run],
  );
  const text = await createMetrics(history.database).text();
  expect(valueIn(text, 'millrace_runs_ready')).toBe('1');
  expect(Number(valueIn(text, 'millrace_runs_ready_oldest_seconds'))).toBeGreaterThanOrEqual(100);
  expect(valueIn(text, 'millrace_dead_letters_open')).toBe('1');
});

describe('without its database', () => {
  test('an instance still tells the rest, and that the database is away', async () => {
    const scratch = await createDatabase();
    const gone = openDatabase(scratch.url);
    await gone.close();
    await scratch.drop();
    const metrics = createMetrics(gone);
    metrics.runAccepted();
    const text = await metrics.text();
    expect(valueIn(text, 'millrace_database_up')).toBe('0');
    expect(valueIn(text, 'millrace_runs_ready')).toBeUndefined();
    expect(valueIn(text, 'millrace_runs_accepted_total')).toBe('1');
  });
});
