import { type FlowGraph, followers, ordinaryOutlets, reach } from './graph.ts';

/**
 * Branches of a fan-out that belong together: one alone, or several that meet at `join`, the nearest node that all of
 * them reach over ordinary ports. Before the join some of them may meet among themselves (`groups`, inner joins).
 */
export type Meeting = Single | Joined;
export interface Single {
  readonly branches: readonly [string];
  readonly join?: undefined;
}
export interface Joined {
  readonly branches: readonly string[];
  readonly join: string;
  readonly groups: readonly Meeting[];
}

/** Two edges of which each would make branches meet that the other keeps apart. */
export interface Crossing {
  readonly first: Edge;
  readonly second: Edge;
}
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Branches that cannot be nested. */
export class CrossingBranches extends Error {
  readonly crossing: Crossing;
  constructor(crossing: Crossing) {
    super('Branches cross.');
    this.crossing = crossing;
  }
}

/** Where branches start, and what bounds them. */
export interface FanOut {
  readonly graph: FlowGraph;
  /** The node that fans out. */
  readonly origin: string;
  /** The join of the enclosing fan-out: branches may meet there, not beyond. */
  readonly stop: string | undefined;
}

/** The nodes of a branch that matter for where it meets others. */
interface Branch {
  readonly start: string;
  readonly nodes: ReadonlySet<string>;
}

/**
 * Sorts the branches of a fan-out by where they meet. Only ordinary ports make branches meet: what they share behind
 * `error` and failure ports (a common error handler, a reject node) is not a join but is compiled into each of them.
 * @throws {CrossingBranches} where some branches share nodes, and no node is the nearest that all of them reach
 */
export function meetings(fanOut: FanOut, targets: readonly string[]): readonly Meeting[] {
  return connected(branchesOf(fanOut, targets)).map((group) => meeting(fanOut, group));
}

/**
 * Walks all branches at once, by rank, so that a node is left only when everyone who reaches it has come. Where the
 * one way on belongs to all of them, what lies behind says nothing more about where they meet.
 */
function branchesOf({ graph, stop }: FanOut, targets: readonly string[]): readonly Branch[] {
  const reachedBy = new Map(targets.map((start) => [start, new Set([start])]));
  const first = Math.min(...targets.map((id) => graph.order.get(id) ?? 0));
  let ahead = reachedBy.size;
  for (let rank = first; ahead > 0; rank += 1) {
    const id = graph.ranked[rank] ?? '';
    const here = reachedBy.get(id);
    if (!here) continue;
    if (ahead === 1 && here.size === targets.length) break;
    ahead -= 1;
    for (const next of id === stop ? [] : followers(graph, id, ordinaryOutlets)) {
      const there = reachedBy.get(next);
      if (!there) ahead += 1;
      reachedBy.set(next, new Set([...(there ?? []), ...here]));
    }
  }
  const branches = new Map(targets.map((start) => [start, new Set<string>()]));
  for (const [id, starts] of reachedBy) for (const start of starts) branches.get(start)?.add(id);
  return [...branches].map(([start, nodes]) => ({ start, nodes }));
}

function reachIn({ graph, stop }: FanOut, start: string): ReadonlySet<string> {
  return reach(graph, start, ordinaryOutlets, stop);
}

function meeting(fanOut: FanOut, branches: readonly Branch[]): Meeting {
  const [only] = branches;
  if (only && branches.length === 1) return { branches: [only.start] };
  const join = nearestJoin(fanOut, branches);
  if (join === undefined) throw new CrossingBranches(crossingOf(fanOut, branches));
  const before = branches.map(({ start, nodes }) => ({ start, nodes: leadingTo(fanOut.graph, join, nodes) }));
  const groups = connected(before).map((group) => meeting(fanOut, group));
  return { branches: branches.map(({ start }) => start), join, groups };
}

/** Branches grouped so that those which share a node, directly or through others, are together. */
function connected(branches: readonly Branch[]): readonly (readonly Branch[])[] {
  let groups: Branch[][] = [];
  for (const branch of branches) {
    const shares = (group: readonly Branch[]) => group.some(({ nodes }) => overlap(nodes, branch.nodes));
    const sharing = groups.filter(shares);
    groups = [...groups.filter((group) => !sharing.includes(group)), [...sharing.flat(), branch]];
  }
  return groups;
}

/** The node that all branches reach and from which every other such node is reached. */
function nearestJoin(fanOut: FanOut, branches: readonly Branch[]): string | undefined {
  const [first, ...others] = branches;
  const common = [...(first?.nodes ?? [])].filter((id) => others.every(({ nodes }) => nodes.has(id)));
  const [nearest] = inOrder(fanOut.graph, common);
  if (nearest === undefined) return undefined;
  const beyond = reachIn(fanOut, nearest);
  return common.every((id) => beyond.has(id)) ? nearest : undefined;
}

function inOrder({ order }: FlowGraph, ids: Iterable<string>): readonly string[] {
  return [...ids].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

/** Those of a branch's nodes from which the join is reached; without the join itself. */
function leadingTo(graph: FlowGraph, join: string, nodes: ReadonlySet<string>): ReadonlySet<string> {
  const leading = new Set([join]);
  for (const id of inOrder(graph, nodes).toReversed()) {
    if (followers(graph, id, ordinaryOutlets).some((next) => leading.has(next))) leading.add(id);
  }
  leading.delete(join);
  return leading;
}

/**
 * Two nodes that share a branch and of which neither leads to the other, and an edge into each. Branches without a
 * nearest join have such a pair: were all overlapping shared nodes in line, the one with most branches would have all
 * of them, and the first of those would be the join.
 */
function crossingOf(fanOut: FanOut, branches: readonly Branch[]): Crossing {
  const holders = holdersOf(branches);
  const shared = inOrder(fanOut.graph, holders.keys());
  for (const [index, one] of shared.entries()) {
    const beyond = reachIn(fanOut, one);
    const other = shared.slice(index + 1).find((id) => !beyond.has(id) && overlap(holders.get(id), holders.get(one)));
    if (other !== undefined) return edgesInto(fanOut, [one, holders.get(one)], [other, holders.get(other)]);
  }
  throw new Error('Branches without a nearest join have two shared nodes of which neither leads to the other.');
}

/** The branches of each node that several reach. */
function holdersOf(branches: readonly Branch[]): ReadonlyMap<string, ReadonlySet<Branch>> {
  const holders = new Map<string, Set<Branch>>();
  for (const branch of branches) {
    for (const id of branch.nodes) holders.set(id, (holders.get(id) ?? new Set()).add(branch));
  }
  return new Map([...holders].filter(([, each]) => each.size > 1));
}

type Shared = readonly [node: string, holders: ReadonlySet<Branch> | undefined];

/** An edge into each of two shared nodes, from different branches, and from one that has only that node if there is one. */
function edgesInto(fanOut: FanOut, [one, ofOne = new Set()]: Shared, [other, ofOther = new Set()]: Shared): Crossing {
  const [branch] = [...without(ofOne, ofOther), ...ofOne];
  const [another] = [...without(ofOther, ofOne), ...ofOther].filter((each) => each !== branch);
  return { first: edgeInto(fanOut, one, branch), second: edgeInto(fanOut, other, another) };
}

/** An edge by which a branch enters a node: from within the branch, or the fan-out's own edge where it starts there. */
function edgeInto({ graph, origin }: FanOut, to: string, branch: Branch | undefined): Edge {
  const from = [...(branch?.nodes ?? [])].find((id) => followers(graph, id, ordinaryOutlets).includes(to));
  return { from: from ?? origin, to };
}

function overlap<T>(one: ReadonlySet<T> | undefined, other: ReadonlySet<T> | undefined): boolean {
  return one !== undefined && other !== undefined && one.values().some((each) => other.has(each));
}

function without<T>(all: ReadonlySet<T>, some: ReadonlySet<T>): readonly T[] {
  return [...all].filter((each) => !some.has(each));
}
