import type { Effect } from './effects.ts';
import type { Installation } from './installation.ts';
import type { SentOrder } from './orders.ts';
import { until } from './until.ts';

/** What must be true at rest, beside what always must. */
export interface Expectation {
  /** Repeats of effects at most, over all orders; unlimited (but told) unless given. */
  readonly repeats?: number;
  /** Part of the runs that succeeds, at least. */
  readonly success?: number;
}

export interface Audit {
  /** A sentence for whatever is wrong. */
  readonly problems: readonly string[];
  readonly succeeded: number;
  /** Effects that arrived again with the same key. */
  readonly repeats: number;
  readonly takeovers: number;
}

/** Waits until every run has ended. @throws naming those that have not, and what they wait for */
export async function untilAtRest(installation: Installation, patienceMs: number): Promise<void> {
  const unfinished = () =>
    installation.query<{ id: string }>("select id from millrace.run where status in ('running', 'waiting')");
  try {
    await until('every run ended', patienceMs, async () => (await unfinished()).length === 0, 200);
  } catch (error) {
    throw new Error(`${(error as Error).message} ${(await strandedRuns(installation)).join('; ')}`, { cause: error });
  }
}

/** Waits until so many runs of a flow have nothing to do but wait. */
export async function untilWaiting(installation: Installation, flow: string, count: number): Promise<void> {
  const waiting = "select count(*)::int as count from millrace.run where status = 'waiting' and flow_id = $1";
  const isSo = async () => (await installation.count(waiting, [`faults-${flow}`])) >= count;
  await until(`${count} runs wait`, 600_000, isSo, 500);
}

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly order: string;
  readonly leased: boolean;
  readonly waits: number;
  readonly timers: number;
  readonly endings: number;
  readonly error: string;
  /** What is known about its course, for people. */
  readonly told: string;
}

/** Compares what was promised, what the database says, and what the receiver has written down. */
export async function audit(
  installation: Installation,
  orders: readonly SentOrder[],
  expectation: Expectation = {},
): Promise<Audit> {
  const runs = await loadRuns(installation);
  const effects = installation.receiver.effects();
  const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
  const repeats = effects.length - new Set(effects.map(({ key }) => key)).size;
  const takeovers = await installation.count('select count(*)::int as count from faults.taken');
  const problems = [
    ...new Set(installation.complaints),
    ...ofPromises(orders, runs),
    ...runs.flatMap(ofRun),
    ...ofEffects(orders, runs, effects),
    ...(await ofAudit(installation)),
    ...(succeeded < runs.length * (expectation.success ?? 0.9)
      ? [`only ${succeeded} of ${runs.length} runs succeeded (${firstError(runs)})`]
      : []),
    ...(repeats > (expectation.repeats ?? Number.POSITIVE_INFINITY)
      ? [`${repeats} effects were repeated, at most ${expectation.repeats} may be`]
      : []),
  ];
  return { problems, succeeded, repeats, takeovers };
}

function firstError(runs: readonly RunRow[]): string {
  return runs.find(({ status }) => status === 'failed')?.error ?? 'none failed';
}

/** Runs that will never go on by themselves, and what is known of those that have not ended. */
async function strandedRuns(installation: Installation): Promise<string[]> {
  const runs = await loadRuns(installation);
  const open = runs.filter(({ status }) => status === 'running' || status === 'waiting');
  return open
    .slice(0, 5)
    .map(
      ({ id, order, status, waits, timers, leased, told }) =>
        `run ${id} of ${order}: ${status}${leased ? ', leased' : ''}, ${waits} waits, ${timers} timers, ${told}`,
    );
}

function loadRuns({ query }: Installation): Promise<RunRow[]> {
  return query<RunRow>(`
    select id, status, trigger->'payload'->>'id' as "order", lease_until is not null as leased,
      concat_ws(' ', error->>'code', error->>'message') as error,
      (select count(*)::int from millrace.wait where run_id = run.id and state = 'open') as waits,
      (select count(*)::int from millrace.timer where run_id = run.id) as timers,
      (select count(*)::int from faults.ending where run = run.id) as endings,
      format('wake %s, token %s, revision %s, steps %s, signals %s', wake, token, revision,
        (select string_agg(key || ' ' || status, ', ' order by seq) from millrace.step where run_id = run.id),
        (select string_agg(state, ', ' order by id) from millrace.signal where key = trigger->'payload'->>'id')) as told
    from millrace.run`);
}

/** One run for each accepted order, and no others. */
function ofPromises(orders: readonly SentOrder[], runs: readonly RunRow[]): string[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  const lost = orders.filter(({ run }) => !known.has(run));
  const more = runs.length - new Set(orders.map(({ run }) => run)).size;
  return [
    ...lost.map(({ id, run }) => `the order ${id} was accepted and its run ${run} does not exist`),
    ...(more > 0 ? [`${more} runs belong to no accepted order`] : []),
  ];
}

/** One ending, and nothing left open behind it. */
function ofRun({ id, status, endings, leased, waits, timers }: RunRow): string[] {
  const isOver = status !== 'running' && status !== 'waiting';
  return [
    ...(isOver && endings !== 1 ? [`run ${id} has ended ${endings} times`] : []),
    ...(isOver && waits + timers > 0 ? [`run ${id} is over and has ${waits} waits and ${timers} timers`] : []),
    ...(!isOver && !leased && waits + timers === 0 ? [`run ${id} is ${status} and nothing will wake it`] : []),
  ];
}

/** For each order its effects once each, with one content; for a failed one perhaps fewer. */
function ofEffects(orders: readonly SentOrder[], runs: readonly RunRow[], effects: readonly Effect[]): string[] {
  const byOrder = Map.groupBy(effects, ({ order }) => order);
  const succeeded = new Set(runs.filter(({ status }) => status === 'succeeded').map(({ id }) => id));
  return orders.flatMap(({ id, run, effects: wanted }) => {
    const own = byOrder.get(id) ?? [];
    const keys = new Set(own.map(({ key }) => key)).size;
    const contents = new Set(own.map(({ key, hash }) => `${key} ${hash}`)).size;
    return [
      ...(keys > wanted ? [`the order ${id} has ${keys} effects in place of ${wanted}`] : []),
      ...(keys < wanted && succeeded.has(run) ? [`the order ${id} succeeded with ${keys} of ${wanted} effects`] : []),
      ...(contents > keys ? [`the order ${id} has one key with different contents`] : []),
    ];
  });
}

/** What PostgreSQL has noted, and signals or wake-ups that are left. */
async function ofAudit({ query, servers }: Installation): Promise<string[]> {
  const breaches = await query<{ run: string; what: string }>('select run, what from faults.breach limit 20');
  // Processes that look at the same moment may each wake a run for the same timer; that is once too often, and harmless.
  const processes = Math.max(1, servers.length);
  const [left] = await query<{ matched: number; woken: number }>(`
    select (select count(*)::int from millrace.signal where state = 'matched') as matched,
      (select count(*)::int from (
        select run.id from millrace.run
        where wake > (select count(*) from millrace.signal where run_id = run.id)
          + (select count(*) from faults.timed where run = run.id) * ${processes} and not cancel) as often) as woken`);
  return [
    ...breaches.map(({ run, what }) => `run ${run}: ${what}`),
    ...(left && left.matched > 0 ? [`${left.matched} matched signals were never taken`] : []),
    ...(left && left.woken > 0 ? [`${left.woken} runs were woken more often than something came for them`] : []),
  ];
}
