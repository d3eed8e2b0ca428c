import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import type { TreeField } from './field-tree.ts';
import { rowHeight } from './tree-pane.tsx';

/** A press that moves less than this many pixels is a click. */
const stillness = 4;
/** So near to its edge, in pixels, the target tree scrolls while something is dragged. */
const edge = 32;

interface Drag {
  readonly from: number;
  readonly x: number;
  readonly y: number;
}

/** Draws a wire from a pressed source to the pointer, and leads it to the target where the pointer is let go. */
export function useWireDrag(
  stage: RefObject<HTMLDivElement | null>,
  targetScroller: RefObject<HTMLDivElement | null>,
  sourceY: (key: string) => number | undefined,
  drop: (source: TreeField, targetKey: string) => void,
) {
  const [drag, setDrag] = useState<Drag>();
  const current = useRef({ sourceY, drop });
  current.current = { sourceY, drop };
  const press = (source: TreeField, event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const start = { x: event.clientX, y: event.clientY };
    let moved = false;
    const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
      moved ||= Math.hypot(clientX - start.x, clientY - start.y) > stillness;
      const between = stage.current?.querySelector('[data-wires]')?.getBoundingClientRect();
      const from = current.current.sourceY(source.key);
      if (!moved || !between || from === undefined) return;
      scrollAtEdge(targetScroller.current, clientX, clientY);
      setDrag({ from, x: clientX - between.left, y: clientY - between.top });
    };
    const end = ({ type, clientX, clientY }: globalThis.PointerEvent) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      setDrag(undefined);
      if (!moved || type === 'pointercancel') return;
      swallowClick();
      const row = document.elementFromPoint(clientX, clientY)?.closest('[data-side="target"] [data-field]');
      if (row instanceof HTMLElement && row.dataset.field !== undefined)
        current.current.drop(source, row.dataset.field);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
  };
  return { drag, press };
}

/** What was dragged is not clicked as well. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
}

function scrollAtEdge(scroller: HTMLElement | null, x: number, y: number): void {
  const box = scroller?.getBoundingClientRect();
  if (!box || x < box.left) return;
  if (y < box.top + edge) scroller?.scrollBy(0, -rowHeight);
  else if (y > box.bottom - edge) scroller?.scrollBy(0, rowHeight);
}
