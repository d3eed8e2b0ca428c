import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../postgres/database.ts';
import { type Backlog, loadBacklog } from '../postgres/queries/load-backlog.ts';
import type { Metrics } from './metrics.ts';

export interface PrometheusMetrics extends Metrics {
  /** Everything in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** From a quick expression to a slow system on the other side. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const groupBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Metrics for Prometheus: of this process, and of the work that all processes share. Each has its own registry. */
export function createMetrics(database: Pick<Database, 'asScanner'>): PrometheusMetrics {
  const register = new Registry();
  // Event loop lag, memory, processor time, garbage collection, open files.
  collectDefaultMetrics({ register });
  const registers = [register];
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `millrace_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `millrace_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[], ...labelNames: string[]) =>
    new Histogram({ name: `millrace_${name}`, help, buckets, labelNames, registers });

  const accepted = counter('runs_accepted_total', 'Runs stored by this process');
  const ended = counter('runs_ended_total', 'Runs that this process brought to their end', 'outcome');
  const groups = histogram('commit_group_size', 'Bursts that were written by one transaction', groupBuckets);
  const bursts = histogram('burst_seconds', 'From taking a run until giving it back', secondsBuckets);
  const evaluations = histogram(
    'evaluation_seconds',
    'From asking for a value until it is there, by the process that evaluated: engine or guarded',
    secondsBuckets,
    'outcome',
    'place',
  );
  const guarded = counter(
    'evaluations_guarded_total',
    'Evaluations left to a guarded process, by the reason: schema, regex, budget or turn',
    'reason',
  );
  const kills = counter('evaluator_kills_total', 'Evaluators that were killed or died', 'reason');
  const timers = histogram('timer_lag_seconds', 'By how much later than due timers fired', secondsBuckets);
  const requests = histogram(
    'http_request_seconds',
    'HTTP requests, by the pattern of their route',
    secondsBuckets,
    'method',
    'route',
    'status',
  );
  const places = gauge('places', 'Runs that this process can drive at once');
  const inFlight = gauge('bursts_in_flight', 'Runs that this process drives');
  const pool = gauge('pool_connections', 'Connections to the database', 'pool', 'state');
  const backlog = createBacklogGauges(gauge);
  const reads: (() => void)[] = [];

  return {
    contentType: register.contentType,
    async text() {
      for (const read of reads) read();
      backlog(await database.asScanner(loadBacklog).catch(() => undefined));
      return register.metrics();
    },
    runAccepted: () => accepted.inc(),
    runEnded: (outcome) => ended.inc({ outcome }),
    committed: (count) => groups.observe(count),
    burst: (seconds) => bursts.observe(seconds),
    evaluated: (seconds, outcome, place) => evaluations.observe({ outcome, place }, seconds),
    guarded: (reason) => guarded.inc({ reason }),
    evaluatorKilled: (reason) => kills.inc({ reason }),
    timerFired: (seconds) => timers.observe(Math.max(seconds, 0)),
    request: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    watchPlaces: (read) =>
      void reads.push(() => {
        const { used, total } = read();
        inFlight.set(used);
        places.set(total);
      }),
    watchPool: (name, read) =>
      void reads.push(() => {
        const { used, total, waiting } = read();
        pool.set({ pool: name, state: 'used' }, used);
        pool.set({ pool: name, state: 'idle' }, total - used);
        pool.set({ pool: name, state: 'waiting' }, waiting);
      }),
  };
}

/** Without an answer of the database the rest is told all the same, and of the backlog nothing. */
function createBacklogGauges(gauge: (name: string, help: string) => Gauge): (backlog: Backlog | undefined) => void {
  const up = gauge('database_up', 'Whether the database answers: 1 or 0');
  const ready = gauge('runs_ready', 'Runs that are ready and taken by no process, of the whole instance');
  const oldest = gauge('runs_ready_oldest_seconds', 'Age of the oldest of them');
  const deadLetters = gauge('dead_letters_open', 'Failed runs that nobody has dealt with, of the whole instance');
  return (backlog) => {
    up.set(backlog ? 1 : 0);
    for (const each of [ready, oldest, deadLetters]) each.remove();
    if (!backlog) return;
    ready.set(backlog.ready);
    oldest.set(backlog.oldestSeconds);
    deadLetters.set(backlog.deadLetters);
  };
}
