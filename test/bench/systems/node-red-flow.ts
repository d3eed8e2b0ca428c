import type { WorkUnit } from '../workload/unit.ts';

/**
 * The flow `send` in Node-RED's own nodes: HTTP in → change (puts the schema beside the order) → JSON (validates) →
 * change (JSONata) → HTTP request → HTTP response. And `/ready`, which answers once the flows have started.
 */
export function nodeRedFlow({ schema, mapping }: WorkUnit, sink: string): readonly object[] {
  const tab = { id: 'tab', type: 'tab', label: 'Bench', disabled: false };
  const row = [
    { id: 'order', type: 'http in', url: '/send', method: 'post' },
    { id: 'schema', type: 'change', rules: [set('schema', 'json', JSON.stringify(schema))] },
    { id: 'check', type: 'json', property: 'payload', action: 'obj' },
    { id: 'map', type: 'change', rules: [set('payload', 'jsonata', `payload.(${mapping})`), correlation] },
    { id: 'send', type: 'http request', method: 'POST', url: sink, ret: 'obj', persist: true, paytoqs: 'ignore' },
    { id: 'answer', type: 'http response' },
  ];
  const ready = [
    { id: 'ready', type: 'http in', url: '/ready', method: 'get' },
    { id: 'is-ready', type: 'http response' },
  ];
  return [tab, ...[row, ready].flatMap(inARow).map((node) => ({ ...node, z: tab.id }))];
}

/** Wires each node to the next. */
function inARow(nodes: readonly { readonly id: string }[]): readonly object[] {
  return nodes.map((node, index) => ({ ...node, wires: nodes.slice(index + 1, index + 2).map(({ id }) => [id]) }));
}

const correlation = set('headers', 'jsonata', '{ "X-Correlation-Id": payload.Header.DocRef }');

/** A rule of a change node. */
function set(property: string, kind: 'json' | 'jsonata', value: string): object {
  return { t: 'set', p: property, pt: 'msg', to: value, tot: kind };
}
