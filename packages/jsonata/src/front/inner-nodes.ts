import type { Pair, Syntax } from './syntax.ts';

/**
 * Whether something holds for any of the nodes directly below a node; asked in the order of the text. Called for every
 * node at every compilation, so it makes no lists.
 */
export function someInner(node: Syntax, holds: (inner: Syntax) => boolean): boolean {
  return someOwn(node, holds) || someBehind(node, holds);
}

/** The same for the filters and the grouping that follow a node; they are evaluated in the scope around it. */
export function someBehind(node: Syntax, holds: (inner: Syntax) => boolean): boolean {
  return (
    (node.predicate !== undefined && someFilter(node.predicate, holds)) ||
    (node.stages !== undefined && someFilter(node.stages, holds)) ||
    (node.group !== undefined && somePair(node.group.lhs, holds))
  );
}

function someOwn(node: Syntax, holds: (inner: Syntax) => boolean): boolean {
  switch (node.type) {
    case 'path':
      return node.steps.some(holds);
    case 'binary':
    case 'apply':
      return holds(node.lhs) || holds(node.rhs);
    case 'unary':
      return someOperand(node, holds);
    case 'condition':
      return holds(node.condition) || holds(node.then) || (node.else !== undefined && holds(node.else));
    case 'block':
      return node.expressions.some(holds);
    case 'bind':
      return holds(node.rhs);
    case 'function':
    case 'partial':
      return holds(node.procedure) || node.arguments.some(holds);
    case 'lambda':
      return holds(node.body);
    case 'transform':
      return holds(node.pattern) || holds(node.update) || (node.delete !== undefined && holds(node.delete));
    case 'sort':
      return node.terms.some(({ expression }) => holds(expression));
    default:
      return false;
  }
}

function someOperand(node: Syntax & { type: 'unary' }, holds: (inner: Syntax) => boolean): boolean {
  if (node.lhs) return somePair(node.lhs, holds);
  if (node.expressions) return node.expressions.some(holds);
  return node.expression !== undefined && holds(node.expression);
}

function someFilter(stages: NonNullable<Syntax['stages']>, holds: (inner: Syntax) => boolean): boolean {
  return stages.some((stage) => stage.type === 'filter' && holds(stage.expr));
}

function somePair(pairs: readonly Pair[], holds: (inner: Syntax) => boolean): boolean {
  return pairs.some(([key, value]) => holds(key) || holds(value));
}
