import type { SweepFigures } from '../commerce/sweep.ts';
import type { Percentiles } from '../load/protocol.ts';
import type { Cell, Series } from '../measurements/cell.ts';
import type { About } from './about.ts';
import type { Ratio } from './ratios.ts';
import type { Results } from './results.ts';
import { seriesTable } from './series-table.ts';
import { figure, table } from './table.ts';
import { type Target, targetsOf, verdictOf } from './targets.ts';

const intro = `# Benchmarks

    npm run bench                                  # half an hour; writes this page
    npm run bench -- --quick send ack              # a look; also --seconds N, --no-peers
    npm run bench -- commerce                      # the templates of a shop and its ERP
    npm run bench -- ack orders --profile          # where the time goes

Written by \`npm run bench\`; only what stands under “Remarks” is written by hand, and kept. Everything was measured in one
run on one machine, in rounds in which the systems take turns; figures are medians of the rounds. Machines drift, so that
ratios count, and they are the medians of the ratios within each round.

**The unit of work** is an order of ten lines that comes in by HTTP, is validated against a JSON Schema, mapped with JSONata
to another document of 15 fields a line, and sent on by HTTP (\`send\`); with \`ack\` the run then waits until the receiver
has acknowledged the document, which it does at once. The flows are in \`test/bench/flows\`, and the schema and mapping in
them are what every system gets. Load is a closed loop: so many orders are under way at any moment. Sender and receiver
share the machine with what they measure.

**A flow has ended** when the run’s end is durable. Millrace answers when the order is stored and tells of the end by
server-sent events, as it tells everybody. The others answer when the flow has ended, which is the cheaper way for them.
Times are from the first byte sent to the end; “accepted → finished” begins with the answer.

**Commits** are records of commits in PostgreSQL’s write-ahead log: transactions that write. All systems use the one
built-in PostgreSQL with its settings, each a database of its own. DBOS Transact has a step for each node, as Millrace
keeps one of each. Node-RED keeps nothing: what is under way when it stops is lost.
`;

const headings: Readonly<Record<Series, string>> = {
  send: 'Webhook → validate → map → HTTP send',
  ack: 'The same, with wait and ack',
  lines: 'Longer orders (`send`, one in flight)',
  nodes: 'Longer flows (a chain of mappings, one in flight)',
  runs: 'More stored runs (`ack`, 64 in flight)',
  processes: 'More server processes (`ack`)',
  tenants: 'More tenants, twenty deployed flows each (`send` of one of them, 16 in flight)',
  'order-post': 'Orders created by the template `order-create`, answered by the flow',
  'order-get': 'Orders read by the template `order-get`, answered by the flow',
};

const whyMissed = 'Where the time goes is shown by `npm run bench -- send ack --profile`.';

/** What the console shows too: everything but words about how. */
export function resultsText(results: Results, last: readonly Ratio[]): string {
  const { cells, failures } = results;
  const tables = (Object.keys(headings) as Series[]).map((series) =>
    section(headings[series], seriesTable(cells, series)),
  );
  return [
    section('Targets', targetsTable(targetsOf(results))),
    ...tables,
    section('What tenants with twenty deployed flows each cost', tenantsTable(results)),
    section('A shop and its ERP (templates `commerce-inbound`, `commerce-sweeper`)', commerceTable(results)),
    section('Limits of the machine', limitsTable(results)),
    section('Ratios', ratiosTable(results.ratios, last)),
    section('Checks', checks(results)),
    section(
      'What came to nothing',
      failures.map(({ system, what, message }) => `- ${system}, ${what}: ${message}`).join('\n'),
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The whole of `docs/benchmarks.md`. @param remarks what was written by hand */
export function documentText(about: About, results: Results, last: readonly Ratio[], remarks: string): string {
  const parts = [intro.trimEnd(), aboutText(about), resultsText(results, last), `## Remarks\n\n${remarks}`];
  return `${parts.join('\n\n').trimEnd()}\n`;
}

/** What was written by hand into an earlier document. */
export function remarksOf(document: string): string {
  return document.split(/^## Remarks\n/m)[1]?.trim() ?? '';
}

function section(heading: string, text: string | undefined): string {
  return text ? `## ${heading}\n\n${text}` : '';
}

function aboutText({ date, machine, versions, seconds, rounds }: About): string {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `## Where, when, with what\n\n- ${date.slice(0, 10)}; ${machine}\n- ${list.join(', ')}\n- ${rounds} rounds of ${seconds} seconds for each figure`;
}

function targetsTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => {
    const { title, bound, unit, value } = target;
    const wanted = 'atLeast' in bound ? `≥ ${bound.atLeast} ${unit}` : `≤ ${bound.atMost} ${unit}`;
    return [title, wanted, value === undefined ? '–' : `${figure(value)} ${unit}`, verdictOf(target)];
  });
  const missed = targets.some((target) => verdictOf(target) === 'missed');
  return [table(['', 'wanted', 'measured', ''], rows), ...(missed ? [whyMissed] : [])].join('\n\n');
}

function commerceTable({ commerce: { arrivals, sweep } }: Results): string {
  const times = ({ p50, p95, p99, max }: Percentiles) => [p50, p95, p99, max].map(figure);
  const rows = [
    ...(arrivals
      ? [[`Stock changes at ${figure(arrivals.perSecond)} a second: sent to stored`, ...times(arrivals.fromSent)]]
      : []),
    ...(sweep ? [['Runs of `send` before the sweep, 10 a second', ...times(sweep.othersBefore)]] : []),
    ...(sweep ? [['Runs of `send` during the sweep, 10 a second', ...times(sweep.othersDuring)]] : []),
  ];
  const lines = rows.length > 0 ? [table(['', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], rows)] : [];
  return [...lines, ...(sweep ? [sweptText(sweep)] : [])].join('\n\n');
}

function tenantsTable({ tenants }: Results): string | undefined {
  if (tenants.length === 0) return undefined;
  const head = [
    '',
    'start s',
    'memory MB',
    'CPU µs, first request',
    'CPU µs, request',
    'CPU µs, schedule',
    'time → runs ms',
  ];
  return table(
    head,
    tenants.map(({ tenants: count, startSeconds, megabytes, firstRequestCpu, requestCpu, scheduleCpu, scheduleMs }) => [
      `${count.toLocaleString('en-US')} × 20 flows`,
      ...[startSeconds, megabytes, firstRequestCpu, requestCpu, scheduleCpu, scheduleMs].map(figure),
    ]),
  );
}

function sweptText({ records, seconds, addedMegabytes }: SweepFigures): string {
  const levels = records.toLocaleString('en-US');
  return `A sweep of ${levels} levels against ${levels} records, of which one in a hundred differs, took ${figure(seconds)} s and ${figure(addedMegabytes)} MB of memory more than the server had before it.`;
}

function limitsTable({ limits }: Results): string | undefined {
  if (!limits) return undefined;
  return table(
    ['', 'a second'],
    [
      ['Commits that insert one row, 16 clients', figure(limits.inserts)],
      ['Jobs of bare pg-boss: sent, fetched, completed, 16 at once', figure(limits.jobs)],
      ['JSONata evaluations of the order’s mapping, one thread', figure(limits.mappings)],
    ],
  );
}

function ratiosTable(ratios: readonly Ratio[], last: readonly Ratio[]): string | undefined {
  if (ratios.length === 0) return undefined;
  const rows = ratios.map(({ name, value, better }) => {
    const before = last.find((one) => one.name === name)?.value;
    return [name, figure(value), before === undefined ? '–' : figure(before), better];
  });
  return table(['', 'now', 'recorded before', 'better is'], rows);
}

function checks({ cells, stored }: Results): string {
  const lines = stored.map(
    ({ runs, seconds, bytes }) =>
      `- ${runs.toLocaleString('en-US')} runs, copies of a real one, were stored in ${figure(seconds)} s; the database then had ${figure(bytes / 1024 ** 2)} MB.`,
  );
  return [...commitsCheck(cells), ...lines].join('\n');
}

/** Cells whose log was gone before it was read are left out. */
function commitsCheck(cells: readonly Cell[]): string[] {
  const counted = cells.map(({ measured }) => measured).filter(({ perFlow }) => Number.isFinite(perFlow.commits));
  const total = (count: 'commits' | 'transactions') =>
    counted.reduce((sum, { perFlow, flows }) => sum + perFlow[count] * flows, 0);
  if (total('commits') === 0) return [];
  const apart = Math.abs(total('transactions') / total('commits') - 1) * 100;
  return [
    `- Commits are counted twice, as records in the log and as ids given to transactions: the totals are ${figure(apart)} % apart.`,
  ];
}
