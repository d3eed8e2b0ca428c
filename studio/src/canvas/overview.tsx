import { isError } from '@millrace/contract';
import { MiniMap, type ReactFlowState, useStore } from '@xyflow/react';
import { boxHeight, boxWidth } from '../editor/layout.ts';
import type { Figure } from './drawing.ts';
import classes from './flow-canvas.module.css';

/** A small map of the flow, as long as not all of it is in view. */
export function Overview() {
  const whole = useStore(isWholeInView);
  if (whole) return null;
  return (
    <MiniMap
      pannable
      zoomable
      className={classes.map ?? ''}
      nodeColor={(node) => mapColour(node as Figure)}
      maskColor="var(--map-mask)"
      nodeBorderRadius={10}
    />
  );
}

function isWholeInView({ nodes, transform: [x, y, zoom], width, height }: ReactFlowState): boolean {
  return nodes.every(({ position, width: across = boxWidth, height: down = boxHeight }) => {
    const left = position.x * zoom + x;
    const top = position.y * zoom + y;
    return left >= 0 && top >= 0 && left + across * zoom <= width && top + down * zoom <= height;
  });
}

function mapColour({ type, data }: Figure): string {
  if (type === 'frame') return 'var(--sunken)';
  if (type === 'note') return 'var(--waiting-soft)';
  if (data.problems.some(isError)) return 'var(--failed)';
  switch (data.mark?.status) {
    case undefined:
      return data.tone === 'trigger' ? 'var(--accent)' : 'var(--edge)';
    case 'unreached':
      return 'var(--line-strong)';
    case 'overdue':
      return 'var(--waiting)';
    default:
      return `var(--${data.mark?.status})`;
  }
}
