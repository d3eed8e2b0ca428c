import type { Problem } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import type { FlowGraphs } from '../graph.ts';
import { unknownType } from '../node-types.ts';
import { own } from '../own.ts';
import { pointer } from '../pointer.ts';

/** Nodes stand in bodies of loops, not too deep and not in a circle, and every loop has a body. */
export function checkBodies({ nodes }: FlowDocument, graphs: FlowGraphs, maxDepth: number): readonly Problem[] {
  const circular = circularIn(nodes);
  const tooDeep = tooDeepIn(nodes, maxDepth);
  return Object.entries(nodes).flatMap(([id, { parent }]) => [
    ...(parent === undefined ? [] : checkParent(id, parent, graphs)),
    ...(circular.has(id) ? [parentCircle(id)] : []),
    ...(tooDeep.has(id) ? [bodyTooDeep(id, maxDepth)] : []),
    ...(graphs.nodes.get(id)?.type.body && !graphs.bodies.has(id) ? [bodyEmpty(id)] : []),
  ]);
}

function checkParent(id: string, parent: string, { nodes }: FlowGraphs): readonly Problem[] {
  const owner = nodes.get(parent);
  const problem = (code: string, message: string): readonly Problem[] => [
    { code, pointer: pointer('nodes', id, 'parent'), message },
  ];
  if (nodes.get(id)?.type.kind === 'trigger') {
    return problem('TRIGGER_IN_BODY', `“${id}” is a trigger; nothing starts a run in the middle of another.`);
  }
  if (!owner) return parent === id ? [] : problem('PARENT_UNKNOWN', `There is no node “${parent}”.`);
  if (owner.type.body || owner.type === unknownType) return [];
  return problem('PARENT_WITHOUT_BODY', `“${parent}” has no body in which “${id}” could stand.`);
}

type Nodes = FlowDocument['nodes'];

/** Nodes whose parents lead back to them. Every chain is walked once, as a hostile one may be of any length. */
function circularIn(nodes: Nodes): ReadonlySet<string> {
  const seen = new Set<string>();
  const circular = new Set<string>();
  for (const start of Object.keys(nodes)) {
    const chain = new Set<string>();
    let id: string | undefined = start;
    for (; id !== undefined && !seen.has(id) && !chain.has(id); id = own(nodes, id)?.parent) chain.add(id);
    if (id !== undefined && chain.has(id))
      for (const each of [...chain].slice([...chain].indexOf(id))) circular.add(each);
    for (const each of chain) seen.add(each);
  }
  return circular;
}

/** The nodes with which a body is one level too deep; those still deeper are not blamed again. */
function tooDeepIn(nodes: Nodes, maxDepth: number): ReadonlySet<string> {
  const children = Map.groupBy(Object.keys(nodes), (id) => own(nodes, id)?.parent);
  let level = children.get(undefined) ?? [];
  for (let depth = 0; depth <= maxDepth; depth += 1) level = level.flatMap((id) => children.get(id) ?? []);
  return new Set(level);
}

function parentCircle(id: string): Problem {
  return {
    code: 'PARENT_CYCLE',
    pointer: pointer('nodes', id, 'parent'),
    message: `“${id}” stands in its own body.`,
  };
}

function bodyTooDeep(id: string, maxDepth: number): Problem {
  return {
    code: 'BODY_TOO_DEEP',
    pointer: pointer('nodes', id, 'parent'),
    message: `“${id}” stands in more than ${maxDepth} bodies, one in the other.`,
    hint: 'Take the inner loops into a flow of their own, and call it.',
  };
}

function bodyEmpty(id: string): Problem {
  return {
    code: 'BODY_EMPTY',
    pointer: pointer('nodes', id),
    message: `The body of “${id}” is empty.`,
    hint: `Name “${id}” as the “parent” of the nodes that it is to repeat.`,
  };
}
