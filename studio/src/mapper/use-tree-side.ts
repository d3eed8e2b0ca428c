import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TreeField } from './field-tree.ts';
import { rowHeight, type TreeView } from './tree-pane.tsx';
import { placesOf } from './tree-rows.ts';
import { useTreeView } from './use-tree-view.ts';

/** One of the two sides of a mapping, with where its fields are seen. */
export interface TreeSide {
  readonly view: TreeView;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly scrolled: () => void;
  /** Pixels of the tree that are seen at once. */
  readonly height: number;
  /** The middle of a field's row, or of what is closed around it, in pixels from the top of what is seen. */
  readonly yOf: (key: string) => number | undefined;
}

export function useTreeSide(trees: readonly TreeField[], closedAtFirst: readonly string[]): TreeSide {
  const view = useTreeView(trees, closedAtFirst);
  const scroller = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  const look = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    setSeen({ top: scrollTop, height: clientHeight });
  }, []);
  useEffect(() => {
    if (!scroller.current) return;
    const observer = new ResizeObserver(look);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [look]);
  const places = useMemo(() => placesOf(trees, view.rows), [trees, view.rows]);
  const yOf = (key: string) => {
    const place = places.get(key);
    return place === undefined ? undefined : (place + 0.5) * rowHeight - seen.top;
  };
  return { view, scroller, scrolled: look, height: seen.height, yOf };
}
