import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import type { DrawnWire } from './drawn-wires.ts';

interface WiresLayerProps {
  readonly wires: readonly DrawnWire[];
  readonly height: number;
  /** The one that is being drawn, to where the pointer is. */
  readonly drag: { readonly from: number; readonly x: number; readonly y: number } | undefined;
}

/** Pixels; as in the style sheet. */
const width = 88;
const stubLength = 14;

/** The space between the trees. What the wires tell, the rows of the target tell too. */
export function WiresLayer({ wires, height, drag }: WiresLayerProps) {
  const { t } = useTranslation();
  const inside = (y: number) => Math.min(Math.max(y, 3), height - 3);
  const isSeen = (y: number) => y >= 0 && y <= height;
  return (
    <svg data-wires className={classes.wires} width={width} height={height} aria-hidden>
      <title>{t('mapper.wires')}</title>
      {wires
        .filter(({ from, to }) => isSeen(from) || isSeen(to))
        .map(({ key, from, to, look, selected, choose }) => {
          const isWhole = selected || (isSeen(from) && isSeen(to));
          const seenPart = isSeen(from) ? stub(0, from) : stub(width, to);
          const path = isWhole ? curve(0, inside(from), width, inside(to)) : seenPart;
          return (
            <g key={key} data-look={look} data-selected={selected} data-far={!isWhole}>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: its row in the tree does the same by keyboard */}
              <path className={classes.grip} d={path} onClick={choose} />
              <path className={classes.wire} d={path} />
            </g>
          );
        })}
      {drag && <path className={classes.dragged} d={curve(0, inside(drag.from), drag.x, drag.y)} />}
    </svg>
  );
}

/** What is seen of a wire to a row that is not: many of them would meet in a corner. */
function stub(x: number, y: number): string {
  return `M${x},${y} H${x === 0 ? stubLength : x - stubLength}`;
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
}
