import type { Json } from '@millrace/contract';
import { sourcesAt } from '@millrace/flow';
import { examineMapping } from '@millrace/mapping';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBundle, useEditing } from '../flows/editing.ts';
import { type Combination, connect } from './connect.ts';
import { everyField, keyOf, type TreeField } from './field-tree.ts';
import { type LineProblem, problemsByLine } from './line-problems.ts';
import { changeLine, type Line } from './mapping.ts';
import { openRequired } from './open-required.ts';
import { type Wire, wiresOf } from './sources-of-lines.ts';
import { type Suggestion, suggest } from './suggest.ts';
import { lineOf, putLine, type TargetLine, targetLinesOf } from './target-lines.ts';
import { type Trees, useTrees } from './use-trees.ts';

interface Given {
  readonly node: string;
  readonly fields: readonly Line[];
  /** @param gesture a name for changes that are undone in one step */
  readonly change: (fields: readonly Line[], gesture?: string) => void;
  /** JSON Schema of what the mapping makes. */
  readonly schema: Json | undefined;
  readonly input: Json | undefined;
  readonly bindings: Readonly<Record<string, Json>>;
}

/** A source on its way to a target that has one already. */
export interface Meeting {
  readonly source: TreeField;
  readonly target: TreeField;
}

export interface Board extends Omit<Trees, 'order'> {
  readonly lines: readonly TargetLine[];
  readonly wires: readonly Wire[];
  readonly suggestions: readonly Suggestion[];
  /** Required fields of the target that nothing makes. */
  readonly open: readonly TreeField[];
  readonly lineAt: (target: TreeField) => TargetLine | undefined;
  readonly problemOf: (line: TargetLine | undefined) => LineProblem | undefined;
  /** The source that waits for a target. */
  readonly armed: TreeField | undefined;
  readonly arm: (source: TreeField | undefined) => void;
  readonly selected: TreeField | undefined;
  /** @param target its key */
  readonly select: (target: string) => void;
  readonly meeting: Meeting | undefined;
  /** Leads a source to a target; asks first where the target has one. */
  readonly lead: (source: TreeField, target: TreeField, combination?: Combination) => void;
  /** Why the last of these could not be done. */
  readonly refused: string | undefined;
  readonly accept: (suggestions: readonly Suggestion[]) => void;
  readonly dismiss: (suggestion: Suggestion) => void;
  /** @param content nothing takes the line away */
  readonly setLine: (target: TreeField, content: Omit<Line, 'to'> | undefined) => void;
  readonly addTarget: (names: readonly string[]) => void;
}

/** Two trees, the wires between them, and everything that can be done with them. */
export function useBoard({ node, fields, change, schema, input, bindings }: Given): Board {
  const { t } = useTranslation();
  const { catalog, connectionTypes } = useEditing();
  const { flow: edited } = useBundle();
  // What is typed is drawn first.
  const flow = useDeferredValue(edited);
  const looked = useDeferredValue(fields);
  const [armed, setArmed] = useState<TreeField>();
  const [selectedKey, setSelectedKey] = useState<string>();
  const [meeting, setMeeting] = useState<Meeting>();
  const [refused, setRefused] = useState<string>();
  const [added, setAdded] = useState<readonly (readonly string[])[]>([]);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());

  const catalogue = useMemo(
    () => ({ nodes: [...catalog.values()], connections: connectionTypes }),
    [catalog, connectionTypes],
  );
  const lines = useMemo(() => targetLinesOf(fields), [fields]);
  const { order, ...trees } = useTrees({ flow, catalogue, node, lines, added, schema, input, bindings });
  const { sources, target } = trees;
  const wires = useMemo(() => wiresOf(lines, sources), [lines, sources]);
  const problems = useMemo(() => {
    const known = sourcesAt(flow, catalogue, node) ?? { output: () => undefined };
    const mapping = { fields: looked as unknown as Json, ...(schema !== undefined && { target: schema }) };
    return problemsByLine(examineMapping(mapping, known).problems);
  }, [flow, catalogue, node, looked, schema]);
  const [entry] = sources;
  const suggestions = useMemo(
    () => suggest(looked, entry, target).filter((each) => !dismissed.has(each.target.key)),
    [looked, entry, target, dismissed],
  );
  const open = useMemo(() => openRequired(target, lines), [target, lines]);
  const selected = useMemo(() => everyField(target).find(({ key }) => key === selectedKey), [target, selectedKey]);

  const turnTo = (source: TreeField | undefined, goal = selectedKey) => {
    setRefused(undefined);
    setMeeting(undefined);
    setArmed(source);
    setSelectedKey(goal);
  };
  const lead: Board['lead'] = (source, goal, combination) => {
    turnTo(undefined, goal.key);
    const present = lineOf(lines, goal.names)?.line.from;
    const needsChoice = combination === undefined && typeof present === 'string' && present.trim() !== '';
    if (needsChoice) return setMeeting({ source, target: goal });
    const answer = connect(fields, { source, target: goal, ...(combination && { combination }) }, sources, order);
    if ('fields' in answer) return change(answer.fields);
    setRefused(t(`mapper.refused.${answer.refused.why}`, { place: answer.refused.place }));
  };
  const accept = (accepted: readonly Suggestion[]) =>
    change(
      accepted.reduce((current, suggestion) => {
        const answer = connect(current, suggestion, sources, order);
        return 'fields' in answer ? answer.fields : current;
      }, fields),
    );
  const setLine: Board['setLine'] = (goal, content) => {
    if (content) return change(putLine(fields, goal.names, content, order), `line:${node}:${goal.key}`);
    const own = lineOf(lines, goal.names);
    if (!own) return;
    // The field stays to be seen.
    setAdded((names) => [...names, goal.names]);
    change(changeLine(fields, own.place, () => undefined));
  };
  return {
    ...trees,
    lines,
    wires,
    suggestions,
    open,
    lineAt: (goal) => lineOf(lines, goal.names),
    problemOf: (line) => line && problems.get(line.place.join('.')),
    armed,
    arm: (source) => turnTo(source),
    selected,
    select: (goal) => turnTo(undefined, goal),
    meeting,
    lead,
    refused,
    accept,
    dismiss: (suggestion) => setDismissed((keys) => new Set([...keys, suggestion.target.key])),
    setLine,
    addTarget(names) {
      setAdded((all) => [...all, names]);
      turnTo(undefined, keyOf(names));
    },
  };
}
