import type { Json } from '../api/types.ts';
import { nodeAt } from './drawn-difference.ts';

/** A change as the API tells it, of a version, a promotion or an upgrade. */
export interface ToldChange {
  readonly pointer: string;
  readonly action: 'added' | 'removed' | 'changed' | 'reordered';
  readonly before?: Json;
  readonly after?: Json;
  readonly edit?: { readonly from: number; readonly before: string; readonly after: string };
  readonly sentence: string;
}

/** What changes belong to: a node, the edges, or what lies beside the drawing. */
export const changeKinds = ['node', 'edges', 'parameters', 'connections', 'flow', 'beside'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface ChangeGroup {
  readonly kind: ChangeKind;
  /** Id of the node; empty for the other kinds. */
  readonly node: string;
  readonly changes: readonly ToldChange[];
}

/** Changes by what they belong to: nodes first, in the order in which they come. */
export function changeGroups(changes: readonly ToldChange[]): ChangeGroup[] {
  const byName = Map.groupBy(changes, ({ pointer }) => `${kindAt(pointer)} ${nodeAt(pointer) ?? ''}`);
  const groups = [...byName].map(([name, inside]): ChangeGroup => {
    const [kind = 'beside', node = ''] = name.split(' ');
    return { kind: kind as ChangeKind, node, changes: inside };
  });
  return groups.sort((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind));
}

function kindAt(pointer: string): ChangeKind {
  const [, part, list] = pointer.split('/');
  if (part !== 'flow') return part === 'parameters' || part === 'connections' ? part : 'beside';
  if (list === 'nodes') return 'node';
  if (list === 'edges') return 'edges';
  return list === 'parameters' || list === 'connections' ? list : 'flow';
}

/** Characters shown around the place where a long text changes. */
const shownAround = 36;

/** A changed text as what stays around the place, what goes and what comes. */
export interface ShownEdit {
  readonly lead: string;
  readonly before: string;
  readonly after: string;
  readonly rest: string;
}

export function shownEdit({ before, edit }: ToldChange): ShownEdit | undefined {
  if (!edit || typeof before !== 'string') return undefined;
  const behind = before.slice(edit.from + edit.before.length);
  const lead = before.slice(0, edit.from);
  return {
    lead: lead.length > shownAround ? `…${lead.slice(-shownAround)}` : lead,
    before: edit.before,
    after: edit.after,
    rest: behind.length > shownAround ? `${behind.slice(0, shownAround)}…` : behind,
  };
}
