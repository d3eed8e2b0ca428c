import { type Json, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { Value } from 'typebox/value';
import { Bundle } from '../flows/bundle-shape.ts';
import { newDraft, savedMeanwhile } from '../flows/drafts.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { loadDraft, replaceDraft } from '../postgres/flows/drafts.ts';
import { changeClone } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { Decision, MergedUpgrade } from './merge-upgrade.ts';
import {
  findUpgradable,
  merged,
  planOf,
  type Upgradable,
  type UpgradePlan,
  type UpgradeServices,
} from './upgrade-plan.ts';

export interface UpgradeRequest {
  readonly flowId: string;
  /** The newest version where left out. */
  readonly to?: string | undefined;
  /** Of the draft that the decisions were made on. */
  readonly revision: number;
  /** About some or all conflicts; earlier ones are kept. */
  readonly decisions?: readonly Decision[] | undefined;
}

/** How an upgrade stands: done, or waiting for decisions. */
export interface Upgraded extends UpgradePlan {
  readonly done: boolean;
}

/**
 * Brings a clone's draft to another version of its template. As long as a conflict is not decided the draft stays as it is,
 * and what was decided is kept for the next time; with the last decision all is done at once, and the clone's base moves.
 * @throws {MillraceError} `NOT_FOUND`, `REVISION_CONFLICT`, `CONFLICT_UNKNOWN`, `ORDER_INVALID`, `ITEM_RENAMED`,
 * `DECISION_MISFIT`
 */
export async function upgradeClone(
  services: UpgradeServices,
  tenant: Tenant,
  { flowId, to, revision, decisions = [] }: UpgradeRequest,
): Promise<Upgraded> {
  const found = await findUpgradable(services, tenant, flowId, to);
  if (found.draft.revision !== revision) throw savedMeanwhile(flowId, found.draft);
  const upgrade = merged(services, found, decisions);
  const plan = await planOf(services, tenant, found, upgrade);
  const done = upgrade.isWhole;
  if (plan.isCurrent || (!done && decisions.length === 0)) return { ...plan, done };
  return { ...plan, revision: await carryOut(services, tenant, found, upgrade), done };
}

/**
 * Finishes an upgrade that is whole, and otherwise keeps what is decided; answers the draft's revision.
 * @throws {MillraceError} `REVISION_CONFLICT`, `DECISION_MISFIT`
 */
export async function carryOut(
  { database, bus }: Pick<UpgradeServices, 'database' | 'bus'>,
  tenant: Tenant,
  found: Upgradable,
  upgrade: MergedUpgrade,
): Promise<number> {
  const { flowId } = found.clone;
  const write = upgrade.isWhole ? finish : keepDecisions;
  const revision = await database.asTenants([tenant.id], async (tx) => {
    const written = await write(tx, tenant, found, upgrade);
    return written ?? Promise.reject(savedMeanwhile(flowId, await loadDraft(tx, flowId)));
  });
  bus.publish({ kind: 'flow', tenant: tenant.id, flowId, revision });
  return revision;
}

/** Answers the draft's new revision, nothing where somebody has changed draft or clone meanwhile. */
async function finish(
  tx: Tx,
  tenant: Tenant,
  { clone, draft, offered }: Upgradable,
  { bundle, decisions }: MergedUpgrade,
): Promise<number | undefined> {
  refuseMisshapen(bundle);
  const saved = await replaceDraft(tx, newDraft(bundle), draft.revision);
  const { version, bundle: base } = offered;
  if (!saved || !(await changeClone(tx, clone, { version, base, decisions: [] }))) return undefined;
  await note(tx, tenant, clone, { version, decisions: decisions.map(({ between: _, ...decision }) => decision) });
  return saved.revision;
}

/** What somebody decides may be wrong in every way that a draft may be, but no other. */
function refuseMisshapen(bundle: FlowBundle): void {
  const [misfit] = Value.Errors(Bundle, bundle);
  if (!misfit) return;
  const { instancePath: pointer, message } = misfit;
  throw new MillraceError('DECISION_MISFIT', `As it is decided this is no flow: at ${pointer} it ${message}.`, {
    pointer,
  });
}

async function keepDecisions(
  tx: Tx,
  tenant: Tenant,
  { clone, draft }: Upgradable,
  { decisions }: MergedUpgrade,
): Promise<number | undefined> {
  if (!(await changeClone(tx, clone, { decisions: decisions as unknown as Json }))) return undefined;
  await note(tx, tenant, clone, { decisions: decisions.map(({ between: _, ...decision }) => decision) });
  return draft.revision;
}

function note(
  tx: Tx,
  tenant: Tenant,
  { flowId, template, version }: Upgradable['clone'],
  after: { readonly version?: string; readonly decisions: readonly Decision[] },
): Promise<void> {
  const values = { before: { template, version }, after: { template, ...after } };
  return noteChange(tx, { tenant: tenant.id, action: 'templates.clone', target: `flows/${flowId}`, ...values });
}
