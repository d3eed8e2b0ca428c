import { isObject, type Json, type Problem } from '@millrace/contract';
import { type Change, canonicalJson, difference, type FlowBundle } from '@millrace/flow';
import type { FieldMap } from '@millrace/mapping';
import { formattedPlaces } from '../flows/formatted-places.ts';
import type { FlowServices } from '../flows/services.ts';
import { versionOf } from '../flows/version.ts';
import { withOwnLines } from '../mappings/layers.ts';
import type { Tx } from '../postgres/database.ts';
import { type KeptReport, loadReports } from '../postgres/flow-tests/reports.ts';
import { loadBundle } from '../postgres/flows/load-versions.ts';
import type { PromotionRules } from '../postgres/promotions/rules.ts';
import type { PlannedPart } from './part.ts';

/** How the tests of the version that a flow is to have went last. */
export interface FlowTests {
  readonly flow: string;
  readonly version: string;
  readonly number: number | null;
  /** Null where they were never run. */
  readonly report: KeptReport | null;
  /** Nodes that are not as in production and that no test comes to which passes. */
  readonly unexercised: readonly string[];
}

/** Of each flow of which production is to have another version, or other lines over its mappings. */
export async function testsOf(
  tx: Tx,
  { types }: Pick<FlowServices, 'types'>,
  parts: readonly PlannedPart[],
): Promise<FlowTests[]> {
  const laidOver = changedMappings(parts);
  const isChanged = ({ kind, name, before, after }: PlannedPart) =>
    kind === 'flow' && (versionIn(before) !== versionIn(after) || laidOver.has(name));
  const changed = parts.filter(isChanged);
  const found: FlowTests[] = [];
  for (const { name, before, after } of changed) {
    const version = versionIn(after) as string;
    const kept = await loadBundle(tx, name, version);
    if (!kept) continue;
    const was = versionIn(before);
    const served = was === undefined ? undefined : await loadBundle(tx, name, was);
    const tested = versionOf(withOwnLines(kept.bundle, linesOver(name, parts)));
    const report = (await loadReports(tx, [tested])).get(tested) ?? null;
    const own = nodesThatMap(kept.bundle, laidOver.get(name) ?? [], types);
    const nodes = [...changedNodes(served?.bundle ?? emptied(kept.bundle), kept.bundle, types), ...own];
    found.push({ flow: name, version, number: kept.number, report, unexercised: unexercisedIn(nodes, report) });
  }
  return found;
}

function versionIn(state: Json): string | undefined {
  return isObject(state) ? (state.version as string) : undefined;
}

function emptied({ layout, flow }: FlowBundle): FlowBundle {
  return { flow: { ...flow, nodes: {}, edges: [] }, layout, samples: {}, tests: {}, records: [] };
}

/** What is to lie over the mappings of a flow in production. */
function linesOver(flow: string, parts: readonly PlannedPart[]): ReadonlyMap<string, FieldMap> {
  const own = parts.filter(({ kind, name, after }) => kind === 'mapping-lines' && name.startsWith(`${flow}/`) && after);
  return new Map(own.map(({ name, after }) => [name.slice(flow.length + 1), after as unknown as FieldMap]));
}

/** Flow → the mappings over which production is to have other lines. */
function changedMappings(parts: readonly PlannedPart[]): ReadonlyMap<string, readonly string[]> {
  const changed = parts.filter(
    ({ kind, before, after }) => kind === 'mapping-lines' && canonicalJson(before) !== canonicalJson(after),
  );
  const named = changed.map(({ name }) => name.split('/') as [string, string]);
  const byFlow = Map.groupBy(named, ([flow]) => flow);
  return new Map([...byFlow].map(([flow, own]) => [flow, own.map(([, mapping]) => mapping)]));
}

/** New ones, those that are otherwise, the ends of edges that are new or gone, and those that use a mapping that is otherwise. */
function changedNodes(before: FlowBundle, after: FlowBundle, types: FlowServices['types']): string[] {
  const changes = difference(before, after);
  const mappings = changes.flatMap((change) => (change.kind === 'mapping' ? [change.name] : []));
  const names = [...changes.flatMap(nodesOf), ...nodesThatMap(after, mappings, types)];
  return names.filter((name) => after.flow.nodes[name]);
}

/** A setting that names a mapping in layers has the format `mapping-name`. */
function nodesThatMap({ flow }: FlowBundle, mappings: readonly string[], types: FlowServices['types']): string[] {
  const uses = (type: string, config: Json) => {
    const schema = types.nodes.find((each) => each.id === type)?.config;
    const named = formattedPlaces(config, schema, '').filter(({ format }) => format === 'mapping-name');
    return named.some(({ value }) => mappings.includes(String(value)));
  };
  return Object.entries(flow.nodes).flatMap(([id, { type, config }]) => (uses(type, config as Json) ? [id] : []));
}

function nodesOf(change: Change): string[] {
  if (!('name' in change)) return [];
  if (change.kind === 'edge') {
    const [from = '', to = ''] = change.name.split('>');
    return [from.replace(/\..*$/, ''), to];
  }
  return change.kind.startsWith('node') || change.kind === 'config' || change.kind === 'retry' ? [change.name] : [];
}

function unexercisedIn(nodes: readonly string[], report: KeptReport | null): string[] {
  const passing = (report?.tests ?? []).filter(({ mismatches }) => mismatches.length === 0);
  const reached = new Set(passing.flatMap((test) => test.nodes));
  return [...new Set(nodes)].filter((node) => !reached.has(node)).sort();
}

/** What the tests lack of what the tenant wants of them. */
export function testProblems(found: readonly FlowTests[], { tests: wanted }: PromotionRules): Problem[] {
  return wanted === 'none' ? [] : found.flatMap((tests) => problemOf(tests, wanted) ?? []);
}

function problemOf({ flow, version, number, report, unexercised }: FlowTests, wanted: 'pass' | 'exercise') {
  const what = `“${flow}”, version ${number ?? version}`;
  const problem = (code: string, message: string): Problem => ({ code, pointer: `/flow/${flow}/tests`, message });
  if (!report) return problem('TESTS_NOT_RUN', `The tests of ${what}, were never run.`);
  if (report.tests.length === 0) return problem('TESTS_MISSING', `There is no test of ${what}.`);
  if (report.failed > 0) return problem('TESTS_FAILED', `${report.failed} tests of ${what}, fail.`);
  if (wanted === 'pass' || unexercised.length === 0) return undefined;
  return problem('CHANGE_UNTESTED', `No test of ${what}, comes to what has changed: ${unexercised.join(', ')}.`);
}
