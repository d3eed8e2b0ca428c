/**
 * JSONata 2.2's syntax tree as its parser really builds it; the library's own type declarations know half of it.
 * Several constructs fold into one node, so a node may carry filters, a grouping and variable bindings besides what
 * its type says.
 */
export type Syntax = SyntaxNode & Decorations;

interface Decorations {
  readonly position?: number;
  /** Filters on a node that is no path step. */
  readonly predicate?: readonly Filter[];
  /** Filters and index bindings on a path step, in order. */
  readonly stages?: readonly Stage[];
  /** `{ key: value }` behind a path or step. */
  readonly group?: Grouping;
  /** `[]` behind a node. */
  readonly keepArray?: boolean;
  /** `@$name` behind a step. */
  readonly focus?: string;
  /** `#$name` behind a step. */
  readonly index?: string;
  /** The step's input is what a `%` further on stands for. */
  readonly ancestor?: { readonly label: string };
  /** The step, or the path or block that ends with it, deals in tuples: items with the variables bound to them. */
  readonly tuple?: boolean;
  /** A list constructor as the first or last step of a path. */
  readonly consarray?: boolean;
}

export type Pair = readonly [Syntax, Syntax];
export interface Grouping {
  readonly lhs: readonly Pair[];
  readonly position?: number;
}
export interface Filter {
  readonly type: 'filter';
  readonly expr: Syntax;
  readonly position?: number;
}
export type Stage = Filter | { readonly type: 'index'; readonly value: string };
export interface SortTerm {
  readonly descending: boolean;
  readonly expression: Syntax;
}

interface Nodes {
  path: { readonly steps: readonly Syntax[]; readonly keepSingletonArray?: boolean };
  binary: { readonly value: string; readonly lhs: Syntax; readonly rhs: Syntax };
  unary: {
    readonly value: '{' | '[' | '-';
    readonly lhs?: readonly Pair[];
    readonly expressions?: readonly Syntax[];
    readonly expression?: Syntax;
  };
  name: { readonly value: string };
  string: { readonly value: string };
  number: { readonly value: number };
  value: { readonly value: boolean | null };
  wildcard: object;
  descendant: object;
  parent: { readonly slot: { readonly label: string } };
  regex: { readonly value: RegExp };
  operator: { readonly value: string };
  condition: { readonly condition: Syntax; readonly then: Syntax; readonly else?: Syntax };
  block: { readonly expressions: readonly Syntax[] };
  bind: { readonly lhs: { readonly value: string }; readonly rhs: Syntax };
  function: { readonly procedure: Syntax; readonly arguments: readonly Syntax[] };
  partial: { readonly procedure: Syntax; readonly arguments: readonly Syntax[] };
  variable: { readonly value: string };
  lambda: {
    readonly arguments: readonly { readonly value: string }[];
    readonly body: Syntax;
    readonly signature?: { readonly definition: string };
    /** A call in tail position, wrapped by the parser. */
    readonly thunk?: boolean;
  };
  apply: { readonly lhs: Syntax; readonly rhs: Syntax };
  transform: { readonly pattern: Syntax; readonly update: Syntax; readonly delete?: Syntax };
  sort: { readonly terms: readonly SortTerm[] };
  error: { readonly error: { readonly code: string; readonly position?: number; readonly token?: string } };
}

export type NodeType = keyof Nodes;
type SyntaxNode = { [T in NodeType]: { readonly type: T } & Nodes[T] }[NodeType];
/** A node of one type. */
export type NodeOf<T extends NodeType> = { readonly type: T } & Nodes[T] & Decorations;
