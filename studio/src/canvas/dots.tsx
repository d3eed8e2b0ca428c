import { useStore } from '@xyflow/react';
import classes from './flow-canvas.module.css';

/** Pixels between dots at actual size. */
const gap = 22;

/**
 * The ground on which a flow lies. It is a layer that is moved by less than one gap; the kit's own background is painted
 * anew for every frame of a movement (measured with 500 nodes: 47 frames a second, and 60 so).
 */
export function Dots() {
  const [x, y, zoom] = useStore(({ transform }) => transform);
  const size = gap * zoom;
  return (
    <div
      className={classes.dots}
      aria-hidden
      style={{
        inset: -size,
        backgroundSize: `${size}px ${size}px`,
        backgroundImage: `radial-gradient(circle, var(--dot) ${0.7 * zoom}px, transparent ${0.7 * zoom + 0.5}px)`,
        transform: `translate(${x % size}px, ${y % size}px)`,
      }}
    />
  );
}
