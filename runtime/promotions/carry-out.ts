import { isError, MillraceError, type Problem } from '@millrace/contract';
import { canonicalJson } from '@millrace/flow';
import { announce } from '../flows/put-in-place.ts';
import type { FlowServices } from '../flows/services.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import type { Reason } from '../postgres/flows/deployment-history.ts';
import {
  decidePromotion,
  loadPromotion,
  lockPromotion,
  type PromotionState,
  type StoredPromotion,
  storeApplied,
  storeRolledBack,
} from '../postgres/promotions/promotions.ts';
import { loadRules } from '../postgres/promotions/rules.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { testProblems, testsOf } from './flow-tests.ts';
import { kinds } from './kinds/kinds.ts';
import type { Placing } from './kinds/part-kind.ts';
import { movedSince, movedSincePlan, planAnew, refuseMoved } from './moved-since.ts';
import type { PartState, PlannedPart } from './part.ts';

/** Somebody does something with a promotion. */
export interface Step extends Reason {
  readonly tenant: Tenant;
  /** Of the promotion. */
  readonly id: string;
}

/** Who decides. */
export interface Decision extends Step {
  /** Id of the person or API key; null where that has none. */
  readonly decider: string | null;
}

/** @throws {MillraceError} `NOT_FOUND` */
export async function requirePromotion(tx: Tx, id: string): Promise<StoredPromotion> {
  const found = await loadPromotion(tx, id);
  if (found) return found;
  throw new MillraceError('NOT_FOUND', 'This promotion does not exist.', { category: 'not-found' });
}

/**
 * Lets a planned promotion be carried out.
 * @throws {MillraceError} `NOT_FOUND`, `PROMOTION_STATE`, `OWN_PROMOTION` where who has planned it may not, `PROMOTION_STALE`
 * naming what has moved, `PROMOTION_NOT_READY` with all that is missing
 */
export async function approvePromotion(services: FlowServices, { decider, ...step }: Decision): Promise<void> {
  await services.database.asTenants([step.tenant.id], async (tx) => {
    const promotion = await open(tx, step, ['planned']);
    if ((await loadRules(tx)).byAnother && isPlanner(promotion, decider, step.by)) throw ownPromotion();
    await refuseUnready(tx, services, step.tenant, promotion);
    await decidePromotion(tx, step.id, { state: 'approved', by: step.by, note: step.note });
    await note(tx, step, 'promotions.approve', promotion, 'approved');
  });
}

/** @throws {MillraceError} `NOT_FOUND`, `PROMOTION_STATE` */
export async function rejectPromotion({ database }: FlowServices, step: Step): Promise<void> {
  await database.asTenants([step.tenant.id], async (tx) => {
    const promotion = await open(tx, step, ['planned', 'approved']);
    await decidePromotion(tx, step.id, { state: 'rejected', by: step.by, note: step.note });
    await note(tx, step, 'promotions.approve', promotion, 'rejected');
  });
}

/**
 * Moves everything that was approved to production, in one transaction: all or nothing.
 * @throws {MillraceError} those of {@link approvePromotion}, and what the parts refuse, as `putInPlace` does
 */
export async function applyPromotion(services: FlowServices, step: Step): Promise<void> {
  const check = (tx: Tx, promotion: StoredPromotion) => refuseUnready(tx, services, step.tenant, promotion);
  await carryOut(services, step, {
    from: 'approved',
    action: 'promote',
    check,
    statesOf: ({ parts }) => changed(parts).map(({ kind, name, after: state }) => ({ kind, name, state })),
    async store(tx, promotion, states) {
      await storeApplied(tx, step.id, step.by, await nowIn(tx, step.tenant, states));
      await note(tx, step, 'promotions.apply', promotion, 'applied');
    },
  });
}

/**
 * Puts everything that the promotion has moved back as it was, in one transaction.
 * @throws {MillraceError} `NOT_FOUND`, `PROMOTION_STATE`, `PROMOTION_STALE` naming what has been changed in production since,
 * and what the parts refuse: a connection may be gone
 */
export async function rollBackPromotion(services: FlowServices, step: Step): Promise<void> {
  await carryOut(services, step, {
    from: 'applied',
    action: 'rollback',
    check: async (tx, { applied }) =>
      refuseMoved(await movedSince(tx, step.tenant, 'production', applied ?? []), 'Take back what came later first.'),
    statesOf: ({ parts }) => changed(parts).map(({ kind, name, before: state }) => ({ kind, name, state })),
    async store(tx, promotion) {
      await storeRolledBack(tx, step.id, step.by);
      await note(tx, step, 'promotions.apply', promotion, 'rolled-back');
    },
  });
}

interface Course {
  readonly from: PromotionState;
  readonly action: Placing['action'];
  check(tx: Tx, promotion: StoredPromotion): Promise<void>;
  statesOf(promotion: StoredPromotion): readonly PartState[];
  store(tx: Tx, promotion: StoredPromotion, states: readonly PartState[]): Promise<void>;
}

/** What can be refused is refused before anything is prepared, and looked at again when nobody else can change it any more. */
async function carryOut(services: FlowServices, step: Step, course: Course): Promise<void> {
  const { tenant, id, by, note: why } = step;
  const { database } = services;
  const promotion = await database.asTenants([tenant.id], async (tx) => {
    const found = await requirePromotion(tx, id);
    refuseState(found, [course.from]);
    await course.check(tx, found);
    return found;
  });
  const states = course.statesOf(promotion);
  const place = { tenant, environment: 'production' };
  const reason = { by, note: why ?? promotion.note ?? undefined };
  const writes: ((tx: Tx) => Promise<void>)[] = [];
  for (const { kind, prepare } of kinds) {
    const own = states.filter((part) => part.kind === kind);
    if (own.length > 0) writes.push(await prepare(services, { place, states: own, action: course.action, reason }));
  }
  await database.asTenants([tenant.id], async (tx) => {
    const present = await open(tx, step, [course.from]);
    for (const { kind, lock } of kinds) await lock(tx, tenant, namesOf(present.parts, kind));
    await course.check(tx, present);
    for (const write of writes) await write(tx);
    await course.store(tx, present, states);
  });
  for (const name of namesOf(states, 'flow')) await announce(services, { ...place, flowId: name });
}

function namesOf(parts: readonly (PlannedPart | PartState)[], kind: PartState['kind']): string[] {
  return parts.filter((part) => part.kind === kind).map(({ name }) => name);
}

function changed(parts: readonly PlannedPart[]): readonly PlannedPart[] {
  return parts.filter(({ before, after }) => canonicalJson(before) !== canonicalJson(after));
}

async function nowIn(tx: Tx, tenant: Tenant, states: readonly PartState[]): Promise<PartState[]> {
  const now: PartState[] = [];
  for (const { kind, read } of kinds)
    for (const name of namesOf(states, kind))
      now.push({ kind, name, state: await read(tx, { tenant, environment: 'production' }, name) });
  return now;
}

/** Nobody else does anything with it until the transaction ends. */
async function open(tx: Tx, { id }: Step, states: readonly PromotionState[]): Promise<StoredPromotion> {
  await lockPromotion(tx, id);
  const promotion = await requirePromotion(tx, id);
  refuseState(promotion, states);
  return promotion;
}

function refuseState({ state }: StoredPromotion, wanted: readonly PromotionState[]): void {
  if (wanted.includes(state)) return;
  const message = `This promotion is ${state}, not ${wanted.join(' or ')}.`;
  throw new MillraceError('PROMOTION_STATE', message, { category: 'cancelled', details: { state } });
}

async function refuseUnready(
  tx: Tx,
  services: FlowServices,
  tenant: Tenant,
  { parts, missing }: StoredPromotion,
): Promise<void> {
  refuseMoved(await movedSincePlan(tx, tenant, parts), planAnew);
  const problems = [...missing, ...testProblems(await testsOf(tx, services, parts), await loadRules(tx))].filter(
    isError,
  );
  const [first] = problems;
  if (first) throw notReady(first, problems);
}

function notReady(first: Problem, problems: readonly Problem[]): MillraceError {
  return new MillraceError('PROMOTION_NOT_READY', first.message, {
    category: 'cancelled',
    problems,
    pointer: first.pointer,
  });
}

/** Where the planner has no id, people know it by its name alone. */
function isPlanner({ planner, plannedBy }: StoredPromotion, decider: string | null, by: string): boolean {
  return planner === null || decider === null ? plannedBy === by : planner === decider;
}

function ownPromotion(): MillraceError {
  const message = 'Who has planned a promotion does not approve it here; somebody else has to.';
  return new MillraceError('OWN_PROMOTION', message, { category: 'auth' });
}

function note(
  tx: Tx,
  { tenant, id, note: why }: Step,
  action: 'promotions.approve' | 'promotions.apply',
  { state, flow }: StoredPromotion,
  after: PromotionState,
): Promise<void> {
  const values = { before: { flow, state }, after: { flow, state: after, note: why } };
  return noteChange(tx, { tenant: tenant.id, action, target: `promotions/${id}`, ...values });
}
