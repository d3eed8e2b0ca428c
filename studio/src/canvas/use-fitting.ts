import { useReactFlow, useStore } from '@xyflow/react';
import { useLayoutEffect, useRef } from 'react';
import { boxHeight, boxWidth } from '../editor/layout.ts';
import type { Figure } from './drawing.ts';

/** Free space around the drawing, in pixels of the screen. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Titles can be read from here on. A drawing that is too large for it begins in the upper left corner. */
const legibleZoom = 0.6;

export interface Fitting {
  readonly moveStart: (event: unknown) => void;
  readonly fitAgain: () => void;
}

/** Keeps the drawing in view while the canvas changes its size, until someone moves it. */
export function useFitting(boxes: readonly Figure[], margins: Margins): Fitting {
  const { setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const moved = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a box that is moved or added does not move the view
  useLayoutEffect(() => {
    if (width > 0 && height > 0 && !moved.current && boxes.length > 0)
      void setViewport(viewOf(boxes, width, height, margins));
  }, [width, height, setViewport]);
  return {
    // Only a movement by hand has an event.
    moveStart: (event) => {
      if (event) moved.current = true;
    },
    fitAgain: () => {
      moved.current = false;
    },
  };
}

function viewOf(boxes: readonly Figure[], width: number, height: number, margins: Margins) {
  const left = Math.min(...boxes.map(({ position }) => position.x));
  const top = Math.min(...boxes.map(({ position }) => position.y));
  const drawn = {
    width: Math.max(...boxes.map((box) => box.position.x + (box.width ?? boxWidth))) - left,
    height: Math.max(...boxes.map((box) => box.position.y + (box.height ?? boxHeight))) - top,
  };
  const room = { width: width - margins.left - margins.right, height: height - margins.top - margins.bottom };
  const whole = Math.min(1, room.width / drawn.width, room.height / drawn.height);
  const zoom = Math.max(whole, legibleZoom);
  return {
    zoom,
    x: margins.left + Math.max(0, room.width - drawn.width * zoom) / 2 - left * zoom,
    y: margins.top + Math.max(0, room.height - drawn.height * zoom) / 2 - top * zoom,
  };
}
