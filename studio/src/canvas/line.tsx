import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath, Position } from '@xyflow/react';
import { memo } from 'react';
import type { Line } from './drawing.ts';
import classes from './line.module.css';

/** Pixels between a port and the name of the port on the line that leaves it. */
const labelGap = 12;
/** Pixels that a line goes straight out of a port; twice that is less than lies between two rows. */
const straight = 16;

/** An edge on the canvas, with the name of its port beside the port where it is not the ordinary one. */
export const LineView = memo(function LineView(props: EdgeProps<Line>) {
  const { id, data, selected, sourceX, sourceY, sourcePosition, markerEnd } = props;
  const [path] = getSmoothStepPath({ ...props, borderRadius: 14, offset: straight });
  const sideways = sourcePosition === Position.Right;
  const place = sideways
    ? `translate(0, -50%) translate(${sourceX + labelGap}px, ${sourceY}px)`
    : `translate(-50%, 0) translate(${sourceX}px, ${sourceY + labelGap}px)`;
  return (
    <g
      className={classes.line}
      data-failure={data?.failure}
      data-trace={data?.trace}
      data-emphasis={data?.emphasis}
      data-selected={selected}
    >
      <BaseEdge
        id={id}
        path={path}
        className={classes.path ?? ''}
        interactionWidth={18}
        {...(markerEnd && { markerEnd })}
      />
      {data?.label && (
        <EdgeLabelRenderer>
          <span
            className={classes.label}
            data-failure={data.failure}
            data-trace={data.trace}
            style={{ transform: place }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </g>
  );
});
