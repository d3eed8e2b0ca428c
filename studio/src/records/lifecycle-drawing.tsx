import { useTranslation } from 'react-i18next';
import { type Lifecycle, ranksOf, stateIn } from './lifecycle.ts';
import classes from './lifecycle-drawing.module.css';
import type { RecordDetail } from './queries.ts';

const box = { width: 132, height: 34, gapX: 64, gapY: 16 };

interface LifecycleDrawingProps {
  readonly lifecycle: Lifecycle;
  readonly record: RecordDetail;
}

/** The states with the ways between them; the record’s own way stands out. */
export function LifecycleDrawing({ lifecycle, record }: LifecycleDrawingProps) {
  const { t } = useTranslation();
  const ranks = ranksOf(lifecycle);
  const places = new Map(
    ranks.flatMap((rank, column) =>
      rank.map((state, row): [string, Place] => [
        state,
        { x: column * (box.width + box.gapX) + 1, y: row * (box.height + box.gapY) + 1 },
      ]),
    ),
  );
  const current = stateIn(record.data, lifecycle.field);
  const visited = new Set(record.history.flatMap(({ from, to }) => [from, to]));
  const taken = new Set(record.history.map(({ from, to }) => `${from} ${to}`));
  const ways = Object.entries(lifecycle.transitions).flatMap(([from, all]) => all.map((to) => ({ from, to })));
  const width = ranks.length * (box.width + box.gapX) - box.gapX + 2;
  const height = Math.max(...ranks.map((rank) => rank.length)) * (box.height + box.gapY) - box.gapY + 2;
  return (
    <div className={classes.frame}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden>
        <title>{t('records.lifecycle')}</title>
        {ways.map(({ from, to }) => {
          const [start, end] = [places.get(from), places.get(to)];
          return (
            start &&
            end && (
              <path
                key={`${from} ${to}`}
                d={wayBetween(start, end)}
                className={classes.way}
                data-taken={taken.has(`${from} ${to}`)}
              />
            )
          );
        })}
        {[...places].map(([state, { x, y }]) => (
          <g key={state} className={classes.state} data-current={state === current} data-visited={visited.has(state)}>
            <rect x={x} y={y} width={box.width} height={box.height} rx={9} />
            <text x={x + box.width / 2} y={y + box.height / 2} dominantBaseline="central" textAnchor="middle">
              {state.length > 17 ? `${state.slice(0, 16)}…` : state}
            </text>
          </g>
        ))}
      </svg>
      <ul className="visually-hidden">
        {[...places.keys()].map((state) => (
          <li key={state}>
            {state} {state === current ? t('records.current') : visited.has(state) ? t('records.visited') : ''}{' '}
            {lifecycle.transitions[state]?.map((to) => `→ ${to}`).join(', ')}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Forward from side to side; back, and within a column, around below. */
function wayBetween(from: Place, to: Place): string {
  const half = box.height / 2;
  if (to.x > from.x) {
    const [x1, y1, x2, y2] = [from.x + box.width, from.y + half, to.x, to.y + half];
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1, x2, y2] = [from.x + box.width, from.y + half + 6, to.x + box.width, to.y + half + 6];
  return `M${x1} ${y1}C${x1 + 40} ${y1 + 6} ${x2 + 40} ${y2 + 6} ${x2} ${y2}`;
}
