/**
 * JSONata 2.2's syntax tree as its parser really builds it; the library's own type declarations know half of it.
 * Several JSONata constructs fold into one node, so a node may carry a predicate, a grouping and variable bindings
 * besides what its type says.
 */
export type Syntax = Node & Decorations;

interface Decorations {
  readonly position?: number;
  /** Filters on a node that is no path step. */
  readonly predicate?: readonly Filter[];
  /** Filters and index bindings on a path step, in order. */
  readonly stages?: readonly Stage[];
  /** `{ key: value }` behind a path or step. */
  readonly group?: { readonly lhs: readonly Pair[] };
  /** `@$name` behind a step. */
  readonly focus?: string;
  /** `#$name` behind a step. */
  readonly index?: string;
}

type Pair = readonly [Syntax, Syntax];
interface Filter {
  readonly type: 'filter';
  readonly expr: Syntax;
}
type Stage = Filter | { readonly type: 'index'; readonly value: string };

type Node =
  | { readonly type: 'path'; readonly steps: readonly Syntax[]; readonly keepSingletonArray?: boolean }
  | { readonly type: 'binary'; readonly value: string; readonly lhs: Syntax; readonly rhs: Syntax }
  | { readonly type: 'unary'; readonly value: '{'; readonly lhs: readonly Pair[] }
  | { readonly type: 'unary'; readonly value: '['; readonly expressions: readonly Syntax[] }
  | { readonly type: 'unary'; readonly value: '-'; readonly expression: Syntax }
  | { readonly type: 'name'; readonly value: string }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'value'; readonly value: boolean | null }
  | { readonly type: 'wildcard' | 'descendant' | 'parent' | 'regex' | 'operator' }
  | { readonly type: 'condition'; readonly condition: Syntax; readonly then: Syntax; readonly else?: Syntax }
  | { readonly type: 'block'; readonly expressions: readonly Syntax[] }
  | { readonly type: 'bind'; readonly lhs: { readonly value: string }; readonly rhs: Syntax }
  | ({ readonly type: 'function' } & Call)
  | ({ readonly type: 'partial' } & Call)
  | { readonly type: 'variable'; readonly value: string }
  | {
      readonly type: 'lambda';
      readonly arguments: readonly { readonly value: string }[];
      readonly body: Syntax;
      /** Not the author's: a call in tail position, put off. */
      readonly thunk?: boolean;
    }
  | { readonly type: 'apply'; readonly lhs: Syntax; readonly rhs: Syntax }
  | { readonly type: 'transform'; readonly pattern: Syntax; readonly update: Syntax; readonly delete?: Syntax }
  | { readonly type: 'sort'; readonly terms: readonly { readonly expression: Syntax }[] };

interface Call {
  readonly procedure: Syntax;
  readonly arguments: readonly Syntax[];
}
