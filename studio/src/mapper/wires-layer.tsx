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
          const path = curve(0, inside(from), width, inside(to));
          return (
            <g key={key} data-look={look} data-selected={selected} data-far={!(isSeen(from) && isSeen(to))}>
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

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
}
