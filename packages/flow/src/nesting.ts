import { everyOutlet, type FlowGraph, firstOutlets, followers, type Outlet, ordinaryOutlets, reach } from './graph.ts';
import { type Crossing, CrossingBranches, type Edge, type Joined, type Meeting, meetings } from './joins.ts';
import type { Exit, Fan, Region, Step } from './structure.ts';

/** More steps than this are not compiled; shared handlers count once for each branch that they are compiled into. */
export const maxSteps = 10_000;
/** Fan-outs inside fan-outs. */
const maxDepth = 64;

/** The flow is well nested, and too large for a machine; the message says how. */
export class TooLarge extends Error {}

/** The whole flow in well-nested form. */
export interface Nest {
  readonly main: Region;
  /** Where the run starts, for each trigger. */
  readonly starts: ReadonlyMap<string, Exit>;
  /** Side branches that run beside everything else, each woken by one port of one step. */
  readonly aside: readonly Aside[];
  /** Every step, in the order of discovery. */
  readonly steps: readonly Step[];
}
export interface Aside {
  readonly region: Region;
  readonly step: Step;
  readonly port: string;
}

/** The join that ends a region, and what is out of bounds before it. */
interface Stop {
  readonly node: string;
  readonly fan: Fan;
  /** The main path behind the join: to enter it from a branch is to jump out of the fan-out. */
  readonly beyond: ReadonlySet<string>;
}

/** A region under construction. */
interface Frame {
  readonly region: Region;
  readonly path: string;
  /** How many fan-outs are around it. */
  readonly depth: number;
  /** The joins of those around it, the innermost last. */
  readonly stops: readonly Stop[];
  readonly placed: Map<string, Step>;
}

/** Where a fan-out stands: the frame, node and port that it leaves. */
interface Origin {
  readonly frame: Frame;
  readonly id: string;
  readonly outlet: Outlet;
}

interface Build {
  readonly graph: FlowGraph;
  readonly steps: Step[];
  readonly aside: Aside[];
  readonly refuse: (crossing: Crossing) => void;
  readonly maxSteps: number;
  /** Of fan-outs seen before: a node that stands in many branches meets alike in all that have the same join. */
  readonly meetings: Map<string, readonly Meeting[]>;
  /** The main path behind each join seen before. */
  readonly beyond: Map<string, ReadonlySet<string>>;
  /** The nodes from which an ordinary edge leads to each node. */
  readonly leaders: ReadonlyMap<string, readonly string[]>;
}

/**
 * Nests a flow's graph, which must be free of cycles and have every node's type known. The rules:
 * - exclusive ways may meet anywhere; several edges of one port are branches that run at once;
 * - branches close at their join, the nearest node that all of them reach over ordinary ports ({@link meetings}); those
 *   that meet nowhere are regions beside, and inside another fan-out run aside, so that its join does not wait for them;
 * - what branches share without meeting there (a handler behind `error`, a reject node) stands in each of their regions;
 * - no branch leaves past its join: not to the join of an outer fan-out, and over ordinary ports not onto the main path
 *   (first ports) behind its own.
 * @param most how many steps may come of it
 * @param refuse told of edges by which fan-outs do not nest; what they lead to is then left out
 * @throws {TooLarge} beyond {@link maxSteps} or {@link maxDepth}
 */
export function nest(graph: FlowGraph, refuse: (crossing: Crossing) => void, most = maxSteps): Nest {
  const build: Build = { graph, steps: [], aside: [], refuse, maxSteps: most, ...memory(graph) };
  const frame = newFrame({ id: '(main)', key: '(main)' }, '', 0, [], []);
  const starts = new Map(graph.triggers.map((id) => [id, startOf(build, frame, id)]));
  fill(build, frame);
  nameSteps(build.steps);
  return { main: frame.region, starts, aside: build.aside, steps: build.steps };
}

/** What is found out once for a graph, however many branches share it. */
function memory(graph: FlowGraph): Pick<Build, 'meetings' | 'beyond' | 'leaders'> {
  const edges = [...graph.nodes.keys()].flatMap((from) =>
    followers(graph, from, ordinaryOutlets).map((to) => ({ from, to })),
  );
  const leaders = [...Map.groupBy(edges, ({ to }) => to)].map(
    ([to, each]) => [to, each.map(({ from }) => from)] as const,
  );
  return { meetings: new Map(), beyond: new Map(), leaders: new Map(leaders) };
}

/** A node that stands in one region only is its own key; otherwise the region's path tells its steps apart. */
function nameSteps(steps: readonly Step[]): void {
  const places = Map.groupBy(steps, ({ node }) => node.id);
  for (const step of steps) step.key = places.get(step.node.id)?.length === 1 ? step.node.id : step.path + step.node.id;
}

function startOf(build: Build, frame: Frame, trigger: string): Exit {
  const outlet = build.graph.nodes.get(trigger)?.outlets.find(({ first }) => first);
  return outlet ? leave(build, { frame, id: trigger, outlet }) : { kind: 'end' };
}

function newFrame(
  name: Pick<Region, 'id' | 'key'>,
  path: string,
  depth: number,
  stops: readonly Stop[],
  within: readonly Fan[],
): Frame {
  return { region: { ...name, within, entry: { kind: 'end' }, steps: [] }, path, depth, stops, placed: new Map() };
}

/** Follows the edges of every step of the region, which places further steps, until none is left. */
function fill(build: Build, frame: Frame): void {
  for (const step of frame.region.steps) {
    for (const outlet of step.node.outlets) {
      const exit = leave(build, { frame, id: step.node.id, outlet });
      step.exits.set(outlet.name, exit);
      if (exit.kind === 'split') build.aside.push(...exit.aside.map((region) => ({ region, step, port: outlet.name })));
    }
  }
}

function leave(build: Build, origin: Origin): Exit {
  const [target, ...more] = origin.outlet.targets;
  if (target === undefined) return { kind: 'end' };
  return more.length === 0 ? place(build, origin.frame, target, origin) : fanOut(build, origin);
}

/** Where an edge to a node leads from inside a frame: to its join, or to the node's step, placed if it is new. */
function place(build: Build, frame: Frame, id: string, origin: Origin): Exit {
  const stop = frame.stops.at(-1);
  if (stop?.node === id) return { kind: 'join', fan: stop.fan };
  if (stop && jumpsOut(frame.stops, id, origin.outlet)) {
    build.refuse(jump(build, { from: origin.id, to: id }, stop.node));
    return { kind: 'end' };
  }
  return { kind: 'step', step: frame.placed.get(id) ?? placeStep(build, frame, id) };
}

function placeStep(build: Build, frame: Frame, id: string): Step {
  const node = build.graph.nodes.get(id);
  if (!node) throw new Error(`Node “${id}” is not in the graph.`);
  if (build.steps.length >= build.maxSteps) {
    throw new TooLarge(
      `With nodes that branches share counted for each of them, the flow has more than ${maxSteps} steps.`,
    );
  }
  const step: Step = { key: id, node, path: frame.path, region: frame.region, exits: new Map() };
  frame.placed.set(id, step);
  frame.region.steps.push(step);
  build.steps.push(step);
  return step;
}

/** A branch may not leave past its own join: neither to the join of an outer fan-out nor onto the main path behind. */
function jumpsOut(stops: readonly Stop[], id: string, outlet: Outlet): boolean {
  return stops.some(({ node }) => node === id) || (!outlet.failure && stops.at(-1)?.beyond.has(id) === true);
}

/** The edge that jumps out crosses those by which other branches enter the join. */
function jump({ leaders }: Build, edge: Edge, join: string): Crossing {
  const entering = leaders.get(join)?.find((id) => id !== edge.from);
  return { first: edge, second: { from: entering ?? edge.from, to: join } };
}

function leadsTo(graph: FlowGraph, from: string, to: string): boolean {
  return graph.nodes.get(from)?.outlets.some(({ targets, failure }) => !failure && targets.includes(to)) ?? false;
}

function fanOut(build: Build, origin: Origin): Exit {
  const stop = origin.frame.stops.at(-1)?.node;
  try {
    return runBranches(build, origin, meetingsAt(build, origin, stop), stop);
  } catch (thrown) {
    if (!(thrown instanceof CrossingBranches)) throw thrown;
    build.refuse(thrown.crossing);
    return { kind: 'end' };
  }
}

function meetingsAt({ graph, meetings: known }: Build, { id, outlet }: Origin, stop: string | undefined) {
  const key = `${id} ${outlet.name} ${stop ?? ''}`;
  const found = known.get(key) ?? meetings({ graph, origin: id, stop }, outlet.targets);
  known.set(key, found);
  return found;
}

/** Inside another fan-out, branches that do not lead to its join must not delay it. */
function runBranches(build: Build, origin: Origin, all: readonly Meeting[], stop: string | undefined): Exit {
  const arriving = all.filter((each) => stop === undefined || arrives(build.graph, each, stop));
  const staying = arriving.length === 0 ? all : arriving;
  const leaving = all.filter((each) => !staying.includes(each));
  const main = runTogether(build, origin, staying);
  if (leaving.length === 0) return main;
  return { kind: 'split', main, aside: leaving.map((each) => regionOf(build, origin, each, [], [])) };
}

function arrives(graph: FlowGraph, { branches }: Meeting, join: string): boolean {
  return branches.some((start) => reach(graph, start, everyOutlet, join).has(join));
}

/** Groups of branches that run at once and have nothing to do with each other, unless all go to the enclosing join. */
function runTogether(build: Build, origin: Origin, all: readonly Meeting[]): Exit {
  const { frame } = origin;
  const stop = frame.stops.at(-1);
  const flat = all.flatMap((each) => (each.join !== undefined && each.join === stop?.node ? each.groups : [each]));
  const [only] = flat;
  if (only && flat.length === 1) return runGroup(build, origin, frame, only);
  const fan = newFan(origin, frame, flat);
  fan.regions.push(...flat.map((each) => regionOf(build, origin, each, frame.stops, frame.region.within)));
  return { kind: 'fan', fan };
}

/** One group, as part of the frame: a single branch goes on there, several become a fan-out with a join. */
function runGroup(build: Build, origin: Origin, frame: Frame, group: Meeting): Exit {
  if (group.join === undefined) return place(build, frame, group.branches[0], origin);
  const fan = newFan(origin, frame, [group]);
  const stops = [...frame.stops, stopAt(build, group, fan)];
  const within = [...frame.region.within, fan];
  fan.regions.push(...group.groups.map((each) => regionOf(build, origin, each, stops, within)));
  const join = place(build, frame, group.join, { ...origin, id: lastBefore(build.graph, group) });
  if (join.kind === 'step') fan.join = join.step;
  return { kind: 'fan', fan };
}

/** A node from which a branch enters the join. */
function lastBefore(graph: FlowGraph, { branches, join }: Joined): string {
  const [first = join] = branches.filter((start) => start !== join);
  return [...reach(graph, first, ordinaryOutlets, join)].find((id) => leadsTo(graph, id, join)) ?? first;
}

function stopAt({ graph, beyond: known }: Build, { join }: Joined, fan: Fan): Stop {
  const beyond = known.get(join) ?? reach(graph, join, firstOutlets);
  known.set(join, beyond);
  return { node: join, fan, beyond };
}

function regionOf(
  build: Build,
  origin: Origin,
  group: Meeting,
  stops: readonly Stop[],
  within: readonly Fan[],
): Region {
  const key = branchList([group]);
  const id = origin.frame.path + portName(origin) + key;
  const depth = origin.frame.depth + 1;
  if (depth > maxDepth) throw new TooLarge(`Fan-outs stand inside one another more than ${maxDepth} deep.`);
  const frame = newFrame({ id, key }, `${id}/`, depth, stops, within);
  frame.region.entry = runGroup(build, origin, frame, group);
  fill(build, frame);
  return frame.region;
}

function newFan(origin: Origin, { region }: Frame, groups: readonly Meeting[]): Fan {
  const id = `${origin.frame.path}${portName(origin)}${branchList(groups)}/(fan)`;
  return { id, key: `${portName(origin)}(fan)`, region, regions: [] };
}

function branchList(groups: readonly Meeting[]): string {
  return `[${groups.flatMap(({ branches }) => branches).join('+')}]`;
}

/** The port that fans out, by the node's name where it is the first. */
function portName({ id, outlet }: Origin): string {
  return outlet.first ? id : `${id}:${outlet.name}`;
}
