import type { Grouping, Syntax } from './syntax.ts';

/** The nodes directly below a node, in the order of the text. */
export function innerNodes(node: Syntax): Syntax[] {
  return [...ownNodes(node), ...filters(node), ...(node.group ? pairNodes(node.group) : [])];
}

function ownNodes(node: Syntax): readonly Syntax[] {
  switch (node.type) {
    case 'path':
      return node.steps;
    case 'binary':
    case 'apply':
      return [node.lhs, node.rhs];
    case 'unary':
      return unaryNodes(node);
    case 'condition':
      return node.else ? [node.condition, node.then, node.else] : [node.condition, node.then];
    case 'block':
      return node.expressions;
    case 'bind':
      return [node.rhs];
    case 'function':
    case 'partial':
      return [node.procedure, ...node.arguments];
    case 'lambda':
      return [node.body];
    case 'transform':
      return node.delete ? [node.pattern, node.update, node.delete] : [node.pattern, node.update];
    case 'sort':
      return node.terms.map(({ expression }) => expression);
    default:
      return [];
  }
}

function unaryNodes(node: Syntax & { type: 'unary' }): readonly Syntax[] {
  if (node.lhs) return pairNodes({ lhs: node.lhs });
  return node.expressions ?? (node.expression ? [node.expression] : []);
}

function filters({ predicate = [], stages = [] }: Syntax): Syntax[] {
  return [...predicate, ...stages].flatMap((stage) => (stage.type === 'filter' ? [stage.expr] : []));
}

function pairNodes({ lhs }: Pick<Grouping, 'lhs'>): Syntax[] {
  return lhs.flat();
}
