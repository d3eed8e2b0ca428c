import { JsonataError } from '../failure.ts';
import type { NodeType, Syntax } from '../front/syntax.ts';
import { empty } from '../value/list.ts';
import type { Marks } from '../value/marks.ts';
import { compileApply } from './apply.ts';
import { compileArithmetic } from './arithmetic.ts';
import { compileBind } from './bind.ts';
import { compileBlock } from './block.ts';
import { compileCall, compileTailCall } from './call.ts';
import { type Code, withClosure } from './code.ts';
import { compileEquality, compileOrder } from './comparison.ts';
import { compileConcatenation } from './concatenation.ts';
import { compileCondition } from './condition.ts';
import { compileFilter, type Filtering } from './filter.ts';
import { finishOf } from './finish.ts';
import { compilePairs, groupCode } from './group.ts';
import { compileLambda } from './lambda.ts';
import { compileList } from './list.ts';
import { compileLiteral, compileNumber } from './literal.ts';
import { compileLogic } from './logic.ts';
import { compileMembership } from './membership.ts';
import { compileName } from './name.ts';
import { compileNegation } from './negation.ts';
import { compileObject } from './object.ts';
import { compilePartial } from './partial.ts';
import { compilePath } from './path/path.ts';
import { tupleFilter } from './path/tuple-filter.ts';
import { compileRegex } from './regex.ts';
import type { Scope } from './scope.ts';
import { compileTransform } from './transform.ts';
import { labelsOf, type Tuple, TupleStream } from './tuples.ts';
import { compileParent, compileVariable } from './variable.ts';
import { compileDescendants, compileWildcard } from './wildcard.ts';

/** Compiles a node with all that is attached to it: filters, a grouping, `[]`. */
export function compileNode(node: Syntax, scope: Scope, tuples?: 'tuples'): Code {
  const { unit } = scope;
  unit.nesting++;
  const plain = compilers[node.type](node as never, scope);
  const whole = grouped(node, filtered(node, plain, scope), scope);
  unit.nesting--;
  return node.tuple && !tuples ? itemsOnly(whole) : whole;
}

function itemsOnly(plain: Code): Code {
  return withClosure(plain, (input, frame) => {
    const value = plain.run(input, frame);
    return value instanceof TupleStream ? frame.run.marks.collapsed(value.tuples.map(({ item }) => item)) : value;
  });
}

const compilers: { readonly [T in NodeType]: (node: Extract<Syntax, { type: T }>, scope: Scope) => Code } = {
  path: compilePath,
  binary: (node, scope) => compileBinary(node, scope),
  unary: (node, scope) => {
    if (node.value === '[') return compileList(node, scope);
    return node.value === '{' ? compileObject(node, scope) : compileNegation(node, scope);
  },
  name: compileName,
  string: compileLiteral,
  number: compileNumber,
  value: compileLiteral,
  wildcard: compileWildcard,
  descendant: compileDescendants,
  parent: compileParent,
  regex: compileRegex,
  operator: ({ position, value }) => {
    throw new JsonataError('S0201', { position, token: value });
  },
  condition: compileCondition,
  block: compileBlock,
  bind: compileBind,
  function: (node, scope) => compileCall(node, scope, finishOf(node)),
  partial: compilePartial,
  variable: compileVariable,
  lambda: (node, scope) =>
    node.thunk && node.body.type === 'function' ? compileTailCall(node.body, scope) : compileLambda(node, scope),
  apply: (node, scope) => compileApply(node, scope, finishOf(node)),
  transform: compileTransform,
  sort: ({ position }) => {
    throw new JsonataError('S0201', { position, token: '^' });
  },
  error: ({ error: { code, position, token } }) => {
    throw new JsonataError(code, { position, token });
  },
};

function compileBinary(node: Extract<Syntax, { type: 'binary' }>, scope: Scope): Code {
  switch (node.value) {
    case '=':
    case '!=':
      return compileEquality(node, scope);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrder(node, scope);
    case '&':
      return compileConcatenation(node, scope);
    case 'and':
    case 'or':
      return compileLogic(node, scope);
    case 'in':
      return compileMembership(node, scope);
    default:
      return compileArithmetic(node, scope);
  }
}

/** Filters behind a node that is no path step. */
function filtered(node: Syntax, plain: Code, scope: Scope): Code {
  if (!node.predicate) return plain;
  if (node.tuple) return filteredTuples(node, plain, scope);
  const filters = node.predicate.map((filter) => compileFilter(filter, scope));
  const end = endOf(node, filters.at(-1) as Filtering);
  return withClosure(plain, (input, frame) => {
    let value = plain.run(input, frame);
    for (const { filter } of filters) value = filter(value, frame);
    return end(value, frame.run.marks);
  });
}

type End = (value: unknown, marks: Marks) => unknown;

/** What an index finds is given as it is; all else is a sequence. */
function endOf({ group, keepArray }: Syntax, { givesItem }: Filtering): End {
  if (group) return (value) => value;
  const sequence: End = (value, marks) => {
    const items = value as unknown[];
    return keepArray && items.length === 1 ? marks.asKept(items) : marks.collapsed(items);
  };
  if (!givesItem) return sequence;
  return (value, marks) => {
    if (value === empty) return undefined;
    if (!keepArray) return marks.settled(value);
    return Array.isArray(value) ? marks.settledKept(value) : marks.asKept([value]);
  };
}

function filteredTuples(node: Syntax, plain: Code, scope: Scope): Code {
  const filters = (node.predicate ?? []).map((filter) => tupleFilter(filter, labelsOf(node), scope));
  return withClosure(plain, (input, frame) => {
    const value = plain.run(input, frame);
    let tuples = value instanceof TupleStream ? value.tuples : unbound(value);
    for (const { turn } of filters) tuples = turn(tuples, frame);
    return value instanceof TupleStream
      ? new TupleStream(tuples)
      : frame.run.marks.collapsed(tuples.map(({ item }) => item));
  });
}

/** What has ended before its tuples begin. */
function unbound(value: unknown): readonly Tuple[] {
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => ({ item, bound: undefined }));
}

function grouped(node: Syntax, plain: Code, scope: Scope): Code {
  if (!node.group || node.type === 'path') return plain;
  const group = groupCode(compilePairs(node.group, scope));
  return withClosure(plain, (input, frame) => group.run(plain.run(input, frame), frame));
}
