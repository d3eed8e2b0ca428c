import { type Json, readJson, writeJson } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import type { Catalog } from '../canvas/drawing.ts';
import type { Editor } from '../editor/editor.ts';
import { ordinaryPort } from '../editor/ports.ts';
import { type NodeData, outcomesBefore, type Pins, type Trial } from '../editor/trial.ts';

export interface Trials {
  readonly trial: Trial | undefined;
  readonly pins: Pins;
  /** Data that stands in for what a node gives while the flow is tried; `undefined` takes it away. */
  readonly pin: (node: string, data: Json | undefined) => void;
  /** Runs everything that leads to a node, and the node. */
  readonly runTo: (node: string) => void;
  /** Runs the node alone, with what is known of those before it. */
  readonly runAlone: (node: string) => void;
  /** The node that is being run. */
  readonly running: string | undefined;
  readonly failure: Error | null;
}

/**
 * Trials of the flow as it is being edited, and the data that is pinned to its nodes. Pins are kept in the browser and go to
 * trials alone: nothing that is saved or deployed knows of them.
 */
export function useTrials(id: string, owner: string, editor: Editor, catalog: Catalog): Trials {
  const slot = `millrace-pins:${owner}:${id}`;
  const [trial, setTrial] = useState<Trial>();
  const [pins, setPins] = useState<Pins>(() => pinsIn(localStorage.getItem(slot)));
  const pin = (node: string, data: Json | undefined) => {
    const { [node]: _, ...others } = pins;
    const next = data === undefined ? others : { ...others, [node]: data };
    localStorage.setItem(slot, writeJson(next));
    setPins(next);
  };
  const running = useMutation({
    mutationFn: async ({ node, alone }: { readonly node: string; readonly alone: boolean }) => {
      const { flow, samples } = editor.state().present;
      const typeOf = (one: string) => catalog.get(flow.nodes[one]?.type ?? '');
      const trigger = Object.keys(flow.nodes).find((one) => typeOf(one)?.kind === 'trigger') ?? '';
      const payload = (pins[trigger] ?? Object.values(samples)[0] ?? {}) as Json;
      const pinned = Object.entries(pins).flatMap(([one, output]) =>
        one === node || !flow.nodes[one] ? [] : [[one, { output, port: ordinaryPort(typeOf(one)) }] as const],
      );
      const before = alone ? outcomesBefore(node, {}, trial, flow) : {};
      const mocks = { ...before, ...Object.fromEntries(pinned) };
      const body = { flow: flow as unknown as Json, to: node, trigger: { node: trigger, payload }, mocks };
      const run = await call('post /flows/{id}/try', { params: { id }, body });
      const began: NodeData = {
        input: undefined,
        output: payload,
        port: ordinaryPort(typeOf(trigger)),
        error: undefined,
      };
      const data = new Map([[run.trigger, began]]);
      for (const step of run.steps) {
        const { input, output, port, error } = step;
        data.set(step.node, { input, output, port: port ?? undefined, error: error ?? undefined });
      }
      setTrial({ flow, payload, data });
    },
  });
  return {
    trial,
    pins,
    pin,
    runTo: (node) => running.mutate({ node, alone: false }),
    runAlone: (node) => running.mutate({ node, alone: true }),
    running: running.isPending ? running.variables.node : undefined,
    failure: running.error,
  };
}

function pinsIn(text: string | null): Pins {
  try {
    return text === null ? {} : (readJson(text) as Pins);
  } catch {
    return {};
  }
}
