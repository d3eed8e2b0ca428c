import type { Json } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { sampleBindings } from '../mapper/sample-bindings.ts';

/** What a node's expressions are evaluated on while they are typed. */
export interface NodeSample {
  readonly input: Json;
  readonly bindings: Readonly<Record<string, Json>>;
}

/** What the node got when it was tried last; before it was ever tried, the flow's first sample, where it comes first. */
export function useNodeSample(id: string): NodeSample | undefined {
  const { trials, catalog } = useEditing();
  const { flow, samples } = useBundle();
  const session = useQuery(sessionQuery).data;
  const [at] = useState(() => new Date().toISOString());
  const { trial, pins } = trials;
  return useMemo(() => {
    const triggers = Object.keys(flow.nodes).filter(
      (one) => catalog.get(flow.nodes[one]?.type ?? '')?.kind === 'trigger',
    );
    const payload = (trial?.payload ?? pins[triggers[0] ?? ''] ?? Object.values(samples)[0]) as Json | undefined;
    const before = flow.edges.filter(({ to }) => to === id).map(({ from }) => from);
    const isFirst = before.length > 0 && before.every((one) => triggers.includes(one));
    const input = trial?.data.get(id)?.input ?? (isFirst ? payload : undefined);
    if (input === undefined) return undefined;
    const bindings = sampleBindings(payload ?? null, { flow, session, triggers, at });
    const outputs = [...(trial?.data ?? [])].flatMap(([one, { output }]) =>
      output === undefined ? [] : [[one, output]],
    );
    return {
      input,
      bindings: { ...bindings, steps: { ...(bindings.steps as object), ...Object.fromEntries(outputs) } },
    };
  }, [trial, pins, catalog, flow, samples, session, at, id]);
}
