import { useMemo, useState } from 'react';
import type { TreeField } from './field-tree.ts';
import type { TreeView } from './tree-pane.tsx';
import { closable, rowsOf } from './tree-rows.ts';

/** What of trees is open and looked for. @param closedAtFirst keys */
export function useTreeView(trees: readonly TreeField[], closedAtFirst: readonly string[]): TreeView {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set(closedAtFirst));
  const [search, setSearch] = useState('');
  const rows = useMemo(() => rowsOf(trees, { closed, search }), [trees, closed, search]);
  const inner = useMemo(() => {
    const outermost = new Set(trees.map(({ key }) => key));
    return closable(trees).filter((key) => !outermost.has(key));
  }, [trees]);
  const isFolded = inner.length > 0 && inner.every((key) => closed.has(key));
  const toggle = ({ key }: TreeField) =>
    setClosed((keys) => new Set(keys.has(key) ? [...keys].filter((each) => each !== key) : [...keys, key]));
  return {
    rows,
    search,
    setSearch,
    toggle,
    isFolded,
    toggleAll: () => setClosed(isFolded ? new Set() : new Set([...closed, ...inner])),
  };
}
