import { someBehind, someInner } from '../front/inner-nodes.ts';
import type { Syntax } from '../front/syntax.ts';

/** Names that the nodes bind in the scope that they are evaluated in: what blocks and functions bind is theirs. */
export function namesBoundBy(...nodes: readonly Syntax[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) collect(node, names);
  return names;
}

function collect(node: Syntax, names: Set<string>): void {
  if (node.type === 'bind') names.add(node.lhs.value);
  const hasScope = node.type === 'block' || (node.type === 'lambda' && !node.thunk);
  const visit = hasScope ? someBehind : someInner;
  visit(node, (inner) => {
    collect(inner, names);
    return false;
  });
}

/** Whether something in the node may go on using variables after it has been evaluated. */
export function outlives(node: Syntax): boolean {
  return keepsVariables(node) || someInner(node, outlives);
}

function keepsVariables(node: Syntax): boolean {
  if (node.type === 'lambda') return !node.thunk;
  return node.type === 'transform' || (node.type === 'variable' && node.value === 'eval');
}
