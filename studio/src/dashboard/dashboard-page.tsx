import { Alert, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnvironment } from '../app/environment.ts';
import { Page } from '../app/page.tsx';
import { duration, exactTime } from '../app/time.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Chart, type Tone } from './chart.tsx';
import classes from './dashboard-page.module.css';
import { periods } from './filter.ts';
import { type Statistics, statisticsQuery } from './queries.ts';
import { type Line, linesOf, peakOf, sumOf } from './series.ts';

export function DashboardPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const { period = 'day' } = useSearch({ from: '/dashboard' });
  const navigate = useNavigate({ from: '/dashboard' });
  const statistics = useQuery({ ...statisticsQuery(period, environment), placeholderData: keepPreviousData });
  const choice = (
    <SegmentedControl
      size="xs"
      aria-label={t('dashboard.period')}
      data={periods.map((value) => ({ value, label: t(`dashboard.periods.${value}`) }))}
      value={period}
      onChange={(value) => {
        const known = periods.find((each) => each === value && each !== 'day');
        void navigate({ search: known ? { period: known } : {}, replace: true });
      }}
    />
  );
  return (
    <Page title={t('dashboard.title')} lead={t('dashboard.lead')} help="operating" actions={choice}>
      <Loaded query={statistics}>{(numbers) => <Numbers of={numbers} />}</Loaded>
    </Page>
  );
}

function Numbers({ of }: { readonly of: Statistics }) {
  const { t } = useTranslation();
  return (
    <>
      {!of.complete && (
        <Alert color="yellow" variant="light" mb={16}>
          {t('dashboard.incomplete')}
        </Alert>
      )}
      <Tiles of={of} />
      <div className={classes.charts}>
        <RunChart of={of} />
        <LatencyChart of={of} />
        <AnswerChart of={of} />
        <WaitChart of={of} />
      </div>
    </>
  );
}

/** The most important numbers, each the way to what it counts. */
function Tiles({ of: { runs, now } }: { readonly of: Statistics }) {
  const { t } = useTranslation();
  const [succeeded, failed, open] = [sumOf(runs, 'succeeded'), sumOf(runs, 'failed'), sumOf(runs, 'open')];
  const ended = succeeded + failed;
  const share = ended === 0 ? '0' : ((failed / ended) * 100).toFixed(failed > 0 ? 1 : 0);
  const medians = valuesOf(runs.map(({ p50Ms }) => p50Ms));
  const highest = valuesOf(runs.map(({ p95Ms }) => p95Ms));
  return (
    <ul className={classes.tiles}>
      <Tile title={t('dashboard.runs')} value={succeeded + failed + open} to="/runs">
        {t('dashboard.open', { count: open })}
      </Tile>
      <Tile title={t('dashboard.failures')} value={failed} to="/dead-letters" bad={failed > 0}>
        {t('dashboard.failureShare', { share })}
      </Tile>
      <Tile title={t('dashboard.median')} value={medians.length === 0 ? '–' : duration(middleOf(medians))} to="/runs">
        {highest.length === 0 ? t('dashboard.nothing') : t('dashboard.p95', { time: duration(Math.max(...highest)) })}
      </Tile>
      <Tile title={t('dashboard.waits')} value={now.waits.open} to="/waiting" bad={now.waits.overdue > 0}>
        {now.waits.overdue === 0 ? t('dashboard.noOverdue') : t('dashboard.overdue', { count: now.waits.overdue })}
      </Tile>
      <Tile title={t('dashboard.connections')} value={now.connections.used}>
        {t('dashboard.ofLimit', { limit: now.connections.limit })}
      </Tile>
    </ul>
  );
}

interface TileProps {
  readonly title: string;
  readonly value: number | string;
  readonly to?: '/runs' | '/dead-letters' | '/waiting';
  readonly bad?: boolean;
  readonly children: ReactNode;
}

function Tile({ title, value, to, bad = false, children }: TileProps) {
  return (
    <li className={classes.tile} data-bad={bad}>
      {to === undefined ? (
        <span className={classes.tileTitle}>{title}</span>
      ) : (
        <Link to={to} className={classes.tileTitle}>
          {title}
        </Link>
      )}
      <span className={`numbers ${classes.tileValue}`}>{value}</span>
      <span className={classes.tileNote}>{children}</span>
    </li>
  );
}

interface ChartedProps {
  readonly of: Statistics;
}

function RunChart({ of }: ChartedProps) {
  const { t } = useTranslation();
  const parted = { ...of, parts: of.runs };
  const charted = useCharted(linesOf(parted, ['succeeded', 'failed']), [
    ['succeeded', 'done'],
    ['failed', 'failed'],
  ]);
  const peak = peakOf(of.runs, 'failed');
  return (
    <Chart title={t('dashboard.titles.runs')} {...charted}>
      {of.runs.length === 0
        ? t('dashboard.told.nothing')
        : t('dashboard.told.runs', { succeeded: sumOf(of.runs, 'succeeded'), failed: sumOf(of.runs, 'failed') })}{' '}
      {peak && t('dashboard.told.peak', { at: exactTime(new Date(peak.at)), count: peak.failed })}
    </Chart>
  );
}

function LatencyChart({ of }: ChartedProps) {
  const { t } = useTranslation();
  const charted = useCharted(linesOf({ ...of, parts: of.runs }, ['p50Ms', 'p95Ms'], null), [
    ['p50Ms', 'running'],
    ['p95Ms', 'retrying'],
  ]);
  const medians = valuesOf(of.runs.map(({ p50Ms }) => p50Ms));
  return (
    <Chart title={t('dashboard.titles.latency')} {...charted} write={duration}>
      {medians.length === 0
        ? t('dashboard.told.nothing')
        : t('dashboard.told.latency', { p50: duration(Math.min(...medians)), p95: duration(Math.max(...medians)) })}
    </Chart>
  );
}

function AnswerChart({ of }: ChartedProps) {
  const { t } = useTranslation();
  const names = ['accepted', 'rejected', 'unmatched'] as const;
  const charted = useCharted(linesOf({ ...of, parts: of.signals }, names), [
    ['accepted', 'done'],
    ['rejected', 'failed'],
    ['unmatched', 'waiting'],
  ]);
  const [accepted, rejected, unmatched] = [
    sumOf(of.signals, 'accepted'),
    sumOf(of.signals, 'rejected'),
    sumOf(of.signals, 'unmatched'),
  ];
  return (
    <Chart title={t('dashboard.titles.answers')} {...charted}>
      {of.signals.length === 0
        ? t('dashboard.told.nothing')
        : t('dashboard.told.answers', { accepted, rejected, unmatched })}
    </Chart>
  );
}

function WaitChart({ of }: ChartedProps) {
  const { t } = useTranslation();
  const charted = useCharted(linesOf({ ...of, parts: of.waits }, ['open', 'overdue']), [
    ['open', 'waiting'],
    ['overdue', 'failed'],
  ]);
  return (
    <Chart title={t('dashboard.titles.waits')} {...charted}>
      {t('dashboard.told.waits', { ...of.now.waits })}
    </Chart>
  );
}

type LineName = 'succeeded' | 'failed' | 'p50Ms' | 'p95Ms' | 'accepted' | 'rejected' | 'unmatched' | 'open' | 'overdue';

/** Lines with their names and colours; the same as long as their numbers are, so that nothing is drawn for nothing. */
function useCharted(data: readonly [number[], ...Line[]], named: readonly (readonly [LineName, Tone])[]) {
  const { t } = useTranslation();
  const text = JSON.stringify(data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers alone say whether anything is another
  return useMemo(() => {
    const [times, ...lines] = data;
    return {
      times,
      lines: named.map(([name, tone], index) => ({
        label: t(`dashboard.lines.${name}`),
        tone,
        values: lines[index] ?? [],
      })),
    };
  }, [text]);
}

function valuesOf(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
