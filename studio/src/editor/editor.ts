import type { FlowBundle } from '@millrace/flow';
import type { Edit } from './edits.ts';
import { apply, type History, markSaved, open, redo, undo } from './history.ts';

/** A {@link History} that can be watched; one for each open flow. */
export interface Editor {
  readonly state: () => History;
  readonly subscribe: (listener: () => void) => () => void;
  readonly edit: (edit: Edit, gesture?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly markSaved: (sent: FlowBundle, revision: number) => void;
  /** Throws away all edits and starts from what the server holds. */
  readonly reopen: (bundle: FlowBundle, revision: number) => void;
}

export function createEditor(bundle: FlowBundle, revision: number): Editor {
  let history = open(bundle, revision);
  const listeners = new Set<() => void>();
  const become = (next: History) => {
    if (next === history) return;
    history = next;
    for (const listener of listeners) listener();
  };
  return {
    state: () => history,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    edit: (edit, gesture) => become(apply(history, edit, gesture)),
    undo: () => become(undo(history)),
    redo: () => become(redo(history)),
    markSaved: (sent, saved) => become(markSaved(history, sent, saved)),
    reopen: (fresh, current) => become(open(fresh, current)),
  };
}
