import { innerNodes } from '../front/inner-nodes.ts';
import type { Syntax } from '../front/syntax.ts';

/** Names that the node binds in the scope that it is evaluated in: what blocks and functions bind is theirs. */
export function namesBoundBy(node: Syntax): string[] {
  if (node.type === 'block' || (node.type === 'lambda' && !node.thunk)) return [];
  const names = innerNodes(node).flatMap(namesBoundBy);
  return node.type === 'bind' ? [node.lhs.value, ...names] : names;
}

/** Whether something in the node may go on using variables after it has been evaluated. */
export function outlives(node: Syntax): boolean {
  return keepsVariables(node) || innerNodes(node).some(outlives);
}

function keepsVariables(node: Syntax): boolean {
  if (node.type === 'lambda') return !node.thunk;
  return node.type === 'transform' || (node.type === 'variable' && node.value === 'eval');
}
