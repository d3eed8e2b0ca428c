import 'uplot/dist/uPlot.min.css';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import UPlot from 'uplot';
import { exactTime, timeMark } from '../app/time.ts';
import classes from './dashboard-page.module.css';
import type { Line } from './series.ts';

/** Name of a colour of the studio, such as `done`. */
export type Tone = 'done' | 'failed' | 'running' | 'waiting' | 'retrying' | 'ink-3';

interface ChartProps {
  readonly title: string;
  readonly times: readonly number[];
  readonly lines: readonly { readonly label: string; readonly tone: Tone; readonly values: Line }[];
  /** What is to be seen, in words. */
  readonly children: React.ReactNode;
  /** How a value is written beside the axis. */
  readonly write?: (value: number) => string;
}

/** Of an axis: whole numbers, since nothing that is counted here comes in parts. */
const steps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const height = 180;
const axisWidth = 52;

/** Lines over time, in the studio's colours, and beside them in words. */
export function Chart({ title, times, lines, children, write = String }: ChartProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another appearance has other colours
  useEffect(() => {
    const place = frame.current;
    if (!place) return undefined;
    const colors = getComputedStyle(document.documentElement);
    const ink = (name: string) => colors.getPropertyValue(`--${name}`);
    const axis = {
      stroke: ink('ink-3'),
      grid: { stroke: ink('line'), width: 1 },
      ticks: { show: false },
      font: `11px ${ink('sans')}`,
    };
    const options: UPlot.Options = {
      width: place.clientWidth,
      height,
      cursor: { y: false, points: { size: 7 } },
      legend: { live: true },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(most, 1)] } },
      axes: [
        { ...axis, values: (_plot, marks, _axis, _space, step) => marks.map((mark) => timeMark(mark, step)) },
        {
          ...axis,
          size: axisWidth,
          incrs: steps,
          values: (_plot, marks) => marks.map((mark) => (mark === 0 ? '0' : write(mark))),
        },
      ],
      series: [
        {
          label: t('dashboard.time'),
          value: (_plot, time: number | null) => (time === null ? '' : exactTime(new Date(time * 1_000))),
        },
        ...lines.map(({ label, tone, values }) => ({
          label,
          stroke: ink(tone),
          fill: `color-mix(in srgb, ${ink(tone)} 12%, transparent)`,
          width: 1.75,
          // Where nothing could be measured the line is parted, and what stands alone is seen by its point only.
          points: { show: values.includes(null), size: 5 },
          value: (_plot: UPlot, value: number | null) => (value === null ? '' : write(value)),
        })),
      ],
    };
    const data: UPlot.AlignedData = [[...times], ...lines.map(({ values }) => [...values])];
    const plot = new UPlot(options, data, place);
    const watch = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, lines, colorScheme]);
  return (
    <figure className={classes.chart} aria-labelledby={id}>
      <figcaption>
        <h2 id={id} className={classes.chartTitle}>
          {title}
        </h2>
        <p className={classes.told}>{children}</p>
      </figcaption>
      <div ref={frame} className={classes.plot} aria-hidden />
    </figure>
  );
}
