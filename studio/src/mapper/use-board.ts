import type { Json, Problem } from '@millrace/contract';
import { sourcesAt } from '@millrace/flow';
import { type Environment, examineMapping, shapeOfSchema } from '@millrace/mapping';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '../editor/problems.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { type Combination, connect } from './connect.ts';
import { everyField, keyOf, type TreeField, treeOf } from './field-tree.ts';
import { environmentOfNode } from './line-help.ts';
import { changeLine, type Line } from './mapping.ts';
import { openRequired } from './open-required.ts';
import { type Wire, wiresOf } from './sources-of-lines.ts';
import { type Suggestion, suggest } from './suggest.ts';
import { lineOf, type Order, putLine, type TargetLine, targetLinesOf } from './target-lines.ts';

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

/** What is wrong with a line: of an error every run fails, of a warning some may. */
export interface LineProblem {
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** A source on its way to a target that has one already. */
export interface Meeting {
  readonly source: TreeField;
  readonly target: TreeField;
}

export interface Board {
  /** What comes in: the input first, then what the flow knows besides. */
  readonly sources: readonly TreeField[];
  readonly target: TreeField;
  readonly lines: readonly TargetLine[];
  readonly wires: readonly Wire[];
  readonly environment: Environment;
  readonly suggestions: readonly Suggestion[];
  readonly open: readonly TreeField[];
  /** What is wrong, by the place of the line. */
  readonly problems: ReadonlyMap<string, LineProblem>;
  /** The source that waits for a target. */
  readonly armed: TreeField | undefined;
  readonly arm: (source: TreeField | undefined) => void;
  readonly selected: TreeField | undefined;
  readonly select: (target: TreeField) => void;
  readonly meeting: Meeting | undefined;
  /** Leads a source to a target; asks first where the target has one. */
  readonly lead: (source: TreeField, target: TreeField, combination?: Combination) => void;
  /** Why the last of these could not be done. */
  readonly refused: string | undefined;
  readonly accept: (suggestions: readonly Suggestion[]) => void;
  readonly dismiss: (suggestion: Suggestion) => void;
  readonly setLine: (target: TreeField, content: Omit<Line, 'to'> | undefined) => void;
  readonly addTarget: (names: readonly string[]) => void;
}

/** Two trees, the wires between them, and everything that can be done with them. */
export function useBoard({ node, fields, change, schema, input, bindings }: Given): Board {
  const { t } = useTranslation();
  const { catalog, connectionTypes } = useEditing();
  const { flow } = useBundle();
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
  const environment = useMemo(() => environmentOfNode(flow, catalogue, node), [flow, catalogue, node]);
  // The bindings are made anew whenever something is drawn, and say the same as long as this text does.
  const bound = JSON.stringify(bindings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const sources = useMemo(() => {
    const around = Object.entries(environment.bindings ?? {}).filter(([name]) => name in bindings);
    return [
      treeOf({ root: '', label: t('mapper.input'), shape: environment.input, sample: input }),
      ...around.map(([root, { shape }]) => treeOf({ root, label: `$${root}`, shape, sample: bindings[root] })),
    ];
  }, [environment, input, bound, t]);
  const lines = useMemo(() => targetLinesOf(fields), [fields]);
  const target = useMemo(() => {
    const shape = schema === undefined ? undefined : shapeOfSchema(schema);
    const more = [...lines.map(({ names }) => names), ...added];
    return treeOf({ root: '', label: t('mapper.result'), shape, sample: undefined, more });
  }, [schema, lines, added, t]);
  const order: Order = useMemo(
    () => new Map(everyField(target).map((field, index) => [keyOf(field.names), index])),
    [target],
  );
  const wires = useMemo(() => wiresOf(lines, sources), [lines, sources]);
  const problems = useMemo(() => {
    const known = sourcesAt(flow, catalogue, node) ?? { output: () => undefined };
    const found = examineMapping({ fields: fields as never, ...(schema !== undefined && { target: schema }) }, known);
    return byLine(found.problems);
  }, [flow, catalogue, node, fields, schema]);
  const [entry] = sources;
  // What is typed is drawn first.
  const looked = useDeferredValue(fields);
  const suggestions = useMemo(
    () => (entry ? suggest(looked, entry, target).filter((each) => !dismissed.has(each.target.key)) : []),
    [looked, entry, target, dismissed],
  );
  const lead = (source: TreeField, goal: TreeField, combination?: Combination) => {
    setArmed(undefined);
    setMeeting(undefined);
    setRefused(undefined);
    setSelectedKey(goal.key);
    const present = lineOf(lines, goal.names)?.line;
    const needsChoice = combination === undefined && typeof present?.from === 'string' && present.from.trim() !== '';
    if (needsChoice) return setMeeting({ source, target: goal });
    const answer = connect(fields, { source, target: goal, ...(combination && { combination }) }, sources, order);
    if ('refused' in answer)
      return setRefused(t(`mapper.refused.${answer.refused.why}`, { place: answer.refused.place }));
    change(answer.fields);
  };
  const accept = (accepted: readonly Suggestion[]) =>
    change(
      accepted.reduce((current, suggestion) => {
        const answer = connect(current, suggestion, sources, order);
        return 'fields' in answer ? answer.fields : current;
      }, fields),
    );
  const setLine = (goal: TreeField, content: Omit<Line, 'to'> | undefined) => {
    const own = lineOf(lines, goal.names);
    if (content) return change(putLine(fields, goal.names, content, order), `line:${node}:${goal.key}`);
    if (!own) return;
    setAdded((names) => [...names, goal.names]);
    change(changeLine(fields, own.place, () => undefined));
  };
  return {
    sources,
    target,
    lines,
    wires,
    environment,
    suggestions,
    problems,
    armed,
    meeting,
    refused,
    lead,
    accept,
    setLine,
    open: useMemo(() => openRequired(target, lines), [target, lines]),
    selected: useMemo(() => everyField(target).find(({ key }) => key === selectedKey), [target, selectedKey]),
    arm(source) {
      setRefused(undefined);
      setMeeting(undefined);
      setArmed(source);
    },
    select(goal) {
      setRefused(undefined);
      setMeeting(undefined);
      setSelectedKey(goal.key);
    },
    dismiss: (suggestion) => setDismissed((keys) => new Set([...keys, suggestion.target.key])),
    addTarget(names) {
      setAdded((all) => [...all, names]);
      setSelectedKey(keyOf(names));
    },
  };
}

/** Problems by the place of their line: `/fields/3/fields/1/from` is about `3.1`. */
function byLine(problems: readonly Problem[]): Map<string, LineProblem> {
  const found = new Map<string, LineProblem>();
  for (const { pointer, message, severity } of problems) {
    const line = keysOf(pointer)
      .filter((key) => /^\d+$/.test(key))
      .join('.');
    if (line === '') continue;
    const other = found.get(line);
    found.set(line, {
      message: [other?.message, message].filter(Boolean).join(' '),
      severity: severity === 'warning' && other?.severity !== 'error' ? 'warning' : 'error',
    });
  }
  return found;
}
