import { JsonataError } from '../../failure.ts';
import type { NodeOf, NodeType, Syntax } from '../../front/syntax.ts';
import { compileEngine } from '../../regex/engine.ts';
import type { Finding } from '../findings.ts';
import type { FunctionKnowledge } from '../functions.ts';
import { ofKind, type Shape, unknown } from '../shape.ts';
import { blockShape } from './block.ts';
import { applyShape, callShape, partialShape } from './call.ts';
import { groupShape, listShape, objectShape } from './constructors.ts';
import { lambdaShape, transformShape } from './lambda.ts';
import { binaryShape, conditionShape, negationShape } from './operators.ts';
import { fieldShape, filterShape, pathShape } from './path.ts';
import { looseNames } from './read-syntax.ts';
import { type Named, nameless, type Scope, withNames } from './scope.ts';
import { variableShape } from './variable.ts';

/** Nodes that are looked at, functions that are called anew with other arguments included. */
const mostNodes = 200_000;

/** What is found out about an expression. */
export interface Inferred {
  /** What it gives. */
  readonly shape: Shape;
  readonly findings: readonly Finding[];
  /** What each part gives that was looked at. */
  readonly shapes: ReadonlyMap<Syntax, Shape>;
  /** What the parts see that cannot be read: there something may be completed. */
  readonly gaps: ReadonlyMap<Syntax, Gap>;
  /** Names of fields that are read from what nothing is known of. */
  readonly open: ReadonlySet<FieldName>;
}

/** A field's name, as a step of a path or written out as text. */
export type FieldName = NodeOf<'name'> | NodeOf<'string'>;

export interface Gap {
  readonly scope: Scope;
  /** Behind a dot: what the path has led to so far. */
  readonly from: Shape | undefined;
}

export interface Knowledge {
  readonly functions: ReadonlyMap<string, FunctionKnowledge>;
  /** The scope has every name that the host binds. */
  readonly hasEveryName: boolean;
  /** As in the options of an expression. */
  readonly mayBacktrack: boolean;
  /** What the values are said to be made at; see {@link Shape.origin}. */
  readonly origin: string;
}

/** Finds out what an expression gives from its syntax tree and from what it sees. */
export function infer(syntax: Syntax, scope: Scope, knowledge: Knowledge): Inferred {
  const loose = looseNames(syntax);
  const inference = new Inference(knowledge, loose);
  const shape = inference.of(syntax, withNames(scope, nameless(loose)));
  const { findings, shapes, gaps, open } = inference;
  return { shape, findings: [...findings.values()], shapes, gaps, open };
}

/** One walk through a syntax tree, with what it finds. */
export class Inference {
  readonly findings = new Map<string, Finding>();
  readonly shapes = new Map<Syntax, Shape>();
  readonly gaps = new Map<Syntax, Gap>();
  readonly open = new Set<FieldName>();
  readonly functions: ReadonlyMap<string, FunctionKnowledge>;
  readonly origin: string;
  readonly hasEveryName: boolean;
  readonly mayBacktrack: boolean;
  /** Names of which nobody can tell when they are bound. */
  readonly loose: ReadonlySet<string>;
  #looked = 0;
  #isSilent = false;

  constructor({ functions, origin, hasEveryName, mayBacktrack }: Knowledge, loose: ReadonlySet<string>) {
    this.functions = functions;
    this.origin = origin;
    this.hasEveryName = hasEveryName;
    this.mayBacktrack = mayBacktrack;
    this.loose = loose;
  }

  /** What a part gives, with all that is attached to it: filters, a grouping. */
  of(node: Syntax, scope: Scope): Shape {
    if (++this.#looked > mostNodes) return unknown;
    const own = shapeOf(this, node, scope);
    const filtered = (node.predicate ?? []).reduce((shape, { expr }) => filterShape(this, shape, expr, scope), own);
    const shape = node.group && node.type !== 'path' ? groupShape(this, node.group, filtered, scope) : filtered;
    this.note(node, shape);
    return shape;
  }

  /** A scope with further names; of one that may be bound again at any time nothing is known. */
  bind(scope: Scope, named: Named): Scope {
    return withNames(
      scope,
      named.map(([name, shape]) => [name, this.loose.has(name) ? unknown : shape]),
    );
  }

  /** Remembers what a part gives; of one that is looked at several times, the latest. */
  note(node: Syntax, shape: Shape): void {
    if (!this.#isSilent) this.shapes.set(node, shape);
  }

  noteGap(node: Syntax, gap: Gap): void {
    if (!this.#isSilent) this.gaps.set(node, gap);
  }

  noteOpen(name: FieldName): void {
    if (!this.#isSilent) this.open.add(name);
  }

  report(finding: Finding): void {
    if (this.#isSilent || this.#looked > mostNodes) return;
    const { node, code, token, index, path } = finding;
    const key = JSON.stringify([code, node.position, token, index, path]);
    const known = this.findings.get(key);
    if (!known || (finding.fails && !known.fails)) this.findings.set(key, finding);
  }

  /** Without telling or remembering anything. */
  silently<T>(look: () => T): T {
    const before = this.#isSilent;
    this.#isSilent = true;
    const result = look();
    this.#isSilent = before;
    return result;
  }
}

type ShapeOf<T extends NodeType> = (inference: Inference, node: NodeOf<T>, scope: Scope) => Shape;

const shapesOf: { readonly [T in NodeType]: ShapeOf<T> } = {
  path: pathShape,
  variable: variableShape,
  string: () => ofKind('string'),
  number: () => ofKind('number'),
  value: (_inference, { value }) => ofKind(value === null ? 'null' : 'boolean'),
  name: (inference, node, scope) => fieldShape(inference, scope.input, node, () => node.value),
  binary: binaryShape,
  unary(inference, node, scope) {
    if (node.value === '{') return objectShape(inference, node, scope);
    return node.value === '[' ? listShape(inference, node, scope) : negationShape(inference, node, scope);
  },
  condition: conditionShape,
  block: blockShape,
  bind: (inference, { lhs, rhs }, scope) => {
    const shape = inference.of(rhs, scope);
    inference.note(lhs as Syntax, shape);
    return shape;
  },
  function: (inference, node, scope) => callShape(inference, node, undefined, scope),
  apply: applyShape,
  lambda: lambdaShape,
  partial: partialShape,
  transform: (inference, node, scope) => transformShape(inference, node, unknown, scope),
  parent: (_inference, { slot }, { names }) => names.get(slot.label) ?? unknown,
  regex: regexShape,
  wildcard: () => unknown,
  descendant: () => unknown,
  sort: () => unknown,
  operator: () => unknown,
  error(inference, node, scope) {
    inference.noteGap(node, { scope, from: undefined });
    return unknown;
  },
};

function shapeOf(inference: Inference, node: Syntax, scope: Scope): Shape {
  return (shapesOf[node.type] as ShapeOf<NodeType>)(inference, node, scope);
}

/** The parser takes what JavaScript takes; only what runs in linear time is compiled. */
function regexShape(inference: Inference, node: NodeOf<'regex'>): Shape {
  try {
    compileEngine(node.value, node.position, inference.mayBacktrack);
  } catch (thrown) {
    if (!(thrown instanceof JsonataError)) throw thrown;
    inference.report({ node, code: thrown.code, fails: true });
  }
  return ofKind('function');
}
