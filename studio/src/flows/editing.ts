import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ConnectionDescription, FlowBundle, FlowDetail, Problem } from '../api/types.ts';
import type { Catalog } from '../canvas/drawing.ts';
import type { Editor } from '../editor/editor.ts';
import type { History } from '../editor/history.ts';
import type { Trials } from './use-trials.ts';

/** The flow under edit and what surrounds it, for everything on the flow page. */
export interface Editing {
  readonly editor: Editor;
  readonly catalog: Catalog;
  readonly connectionTypes: readonly ConnectionDescription[];
  readonly problems: readonly Problem[];
  /** Addresses of the deployed version's webhooks. */
  readonly hookUrls: FlowDetail['hookUrls'];
  /** Opens a node's settings, and its mapping where asked. */
  readonly open: (node: string) => void;
  readonly openMapping: (node: string) => void;
  /** Opens a node between what it got and what it gave. */
  readonly openNodeView: (node: string) => void;
  readonly trials: Trials;
  /** Whoever is at work may only look at the flow. */
  readonly frozen: boolean;
}

export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('useEditing is for components on the flow page.');
  return editing;
}

export function useHistory(editor: Editor): History {
  return useSyncExternalStore(editor.subscribe, editor.state);
}

export function useBundle(): FlowBundle {
  return useHistory(useEditing().editor).present;
}
