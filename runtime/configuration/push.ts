import { isError, type Json, MillraceError, type Problem } from '@millrace/contract';
import { pointer } from '@millrace/flow';
import { Value } from 'typebox/value';
import type { Action } from '../auth/actions.ts';
import type { FlowServices } from '../flows/services.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { attempt, inside, undone } from '../postgres/inside.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { changesTo, missingParts, type PartChange } from './changes.ts';
import type { Configuration } from './configuration.ts';
import { conflictsOf, type Known } from './conflicts.ts';
import { kindOfPart, partOf } from './kinds.ts';
import type { PartConflict, Plan, PlannedChange } from './plan.ts';
import { checkSelection, readPresent } from './read.ts';

export interface Push {
  readonly tenant: Tenant;
  readonly configuration: Configuration;
  readonly known: Known;
  /** Names of parts, or what they begin with: what may be taken away. An empty one is all. */
  readonly selection: readonly string[];
  /** Whether what the configuration lacks goes. */
  readonly prune: boolean;
  /** Environment in which the flows are to serve as they are pushed. */
  readonly deploy?: string | undefined;
  /** Who pushes, for people. */
  readonly by: string;
  /** @throws {MillraceError} `ACTION_NOT_ALLOWED` */
  require(action: Action): void;
}

/**
 * What a push would do: all of it is done, and undone. What would be refused is told.
 * @throws {MillraceError} `SELECTION_UNKNOWN`
 */
export async function planPush(services: FlowServices, push: Push): Promise<Plan> {
  checkSelection(push.selection);
  const malformed = malformedParts(push.configuration);
  if (malformed.length > 0) return { changes: [], missing: [], conflicts: [], problems: malformed };
  return undone(services.database, push.tenant.id, (tx) => carryOut(tx, silent(services), push));
}

/**
 * Makes a tenant's configuration what is pushed, all or nothing.
 * @throws {MillraceError} `CONFIGURATION_INVALID` with every problem and conflict, `CONFIGURATION_CONFLICT` where there are
 * conflicts alone; pointers are into the configuration
 */
export async function pushConfiguration(services: FlowServices, push: Push): Promise<Plan> {
  checkSelection(push.selection);
  refuse(malformedParts(push.configuration));
  const { bus, told } = gathering(services);
  const plan = await services.database.asTenants([push.tenant.id], async (tx) => {
    const done = await carryOut(tx, { ...services, bus }, push);
    refuse([...done.conflicts.map(asProblem), ...done.problems]);
    if (done.changes.length > 0) await note(tx, push, done.changes);
    return done;
  });
  for (const news of told) services.bus.publish(news);
  return plan;
}

async function carryOut(tx: Tx, services: FlowServices, push: Push): Promise<Plan> {
  const { tenant, configuration, selection, prune, deploy, known } = push;
  const present = await readPresent(tx, tenant, services);
  const wanted = { parts: configuration.parts, selection, prune, deploy };
  const changes = changesTo(wanted, present);
  const conflicts = await conflictsOf(tx, tenant, { changes, present, known });
  const here = { ...services, database: inside(services.database, tx) };
  const problems: Problem[] = [];
  for (const change of changes) problems.push(...(await applied(tx, here, push, change)));
  return {
    changes: changes.map(told),
    missing: missingParts(wanted, present).filter((part) => !prune || partOf(part).kind.remove === undefined),
    conflicts,
    problems,
  };
}

/** Tries one change; what is wrong with it keeps nobody from trying the others. */
async function applied(tx: Tx, services: FlowServices, push: Push, change: PartChange): Promise<readonly Problem[]> {
  try {
    return placed(change.part, await attempt(tx, () => apply(services, push, change)));
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    return placed(change.part, problemsOf(thrown));
  }
}

async function apply(
  services: FlowServices,
  { tenant, by, require }: Push,
  { part, kind, before, after }: PartChange,
): Promise<readonly Problem[]> {
  require(kind.action);
  const application = { services, tenant, place: partOf(part).place, before, by, require };
  if (after !== undefined) return kind.apply({ ...application, after });
  await kind.remove?.(application);
  return [];
}

function problemsOf({ code, message, options }: MillraceError): readonly Problem[] {
  const { problems = [], pointer: at = '' } = options;
  return problems.length > 0 ? problems : [{ code, pointer: at, message }];
}

function placed(part: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: pointer('parts', part) + problem.pointer }));
}

/** Parts that cannot be read as such. */
function malformedParts({ parts }: Configuration): Problem[] {
  return Object.entries(parts).flatMap(([part, value]) => placed(part, malformed(part, value)));
}

function malformed(part: string, value: Json): Problem[] {
  const found = kindOfPart(part);
  if (!found?.kind.named.test(found.place.name))
    return [{ code: 'PART_UNKNOWN', pointer: '', message: `“${part}” names no part of a configuration.` }];
  return Value.Errors(found.kind.shape, value).map(({ instancePath, message }) => ({
    code: 'PART_MALFORMED',
    pointer: instancePath,
    message: `It ${message}.`,
  }));
}

function told({ part, kind, before, after }: PartChange): PlannedChange {
  if (before === undefined) return { part, action: 'added', sentences: [] };
  if (after === undefined) return { part, action: 'removed', sentences: [] };
  return { part, action: 'changed', sentences: kind.tell(before, after) };
}

/** Where nothing else is wrong than what somebody has changed, it need only be pulled. */
function refuse(problems: readonly Problem[]): void {
  const errors = problems.filter(isError);
  const [first] = errors;
  if (!first) return;
  const isStale = errors.every(({ code }) => code === changed);
  const [code, message] = isStale
    ? ['CONFIGURATION_CONFLICT', 'What is pushed was not made of what is there now; pull first. Nothing was applied.']
    : ['CONFIGURATION_INVALID', 'The configuration has problems, and nothing of it was applied.'];
  throw new MillraceError(code, message, { problems: errors, pointer: first.pointer });
}

const changed = 'PART_CHANGED';

function asProblem({ part, message }: PartConflict): Problem {
  return { code: changed, pointer: pointer('parts', part), message };
}

function note(tx: Tx, { tenant, deploy }: Push, changes: readonly PlannedChange[]): Promise<void> {
  const after = { changes: changes.map(({ part, action }) => ({ part, action })), deploy };
  return noteChange(tx, { tenant: tenant.id, action: 'configuration.push', target: 'configuration', after });
}

/** News of what is not committed yet is none. */
function gathering({ bus }: FlowServices) {
  const told: Parameters<FlowServices['bus']['publish']>[0][] = [];
  return { told, bus: { ...bus, publish: (news: (typeof told)[number]) => void told.push(news) } };
}

function silent(services: FlowServices): FlowServices {
  return { ...services, bus: gathering(services).bus };
}
