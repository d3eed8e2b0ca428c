import { MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { Value } from 'typebox/value';
import { Bundle } from '../flows/bundle-shape.ts';
import { newDraft, savedMeanwhile } from '../flows/drafts.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { replaceDraft } from '../postgres/flows/drafts.ts';
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
  return upgradeTo(services, tenant, found, merged(services, found, decisions), decisions);
}

/** The upgrade that was found and merged, if there is anything to write. @throws {MillraceError} `REVISION_CONFLICT` */
export async function upgradeTo(
  services: UpgradeServices,
  tenant: Tenant,
  found: Upgradable,
  upgrade: MergedUpgrade,
  decisions: readonly Decision[] = [],
): Promise<Upgraded> {
  const plan = await planOf(services, tenant, found, upgrade);
  const done = upgrade.isWhole;
  if (plan.isCurrent || (!done && decisions.length === 0)) return { ...plan, done };
  const revision = await services.database.asTenants([tenant.id], (tx) =>
    done ? finish(tx, tenant, found, upgrade) : keepDecisions(tx, tenant, found, upgrade),
  );
  services.bus.publish({ kind: 'flow', tenant: tenant.id, flowId: found.clone.flowId, revision });
  return { ...plan, revision, done };
}

/** Answers the draft's new revision. */
async function finish(
  tx: Tx,
  tenant: Tenant,
  { clone, draft, offered }: Upgradable,
  { bundle, decisions }: MergedUpgrade,
): Promise<number> {
  refuseMisshapen(bundle);
  const saved = await replaceDraft(tx, newDraft(bundle), draft.revision);
  const { version, bundle: base } = offered;
  const isMoved = saved !== undefined && (await changeClone(tx, clone, { version, base, decisions: [] }));
  if (!isMoved) throw savedMeanwhile(clone.flowId, draft);
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
): Promise<number> {
  const isKept = await changeClone(tx, clone, { decisions: decisions as never });
  if (!isKept) throw savedMeanwhile(clone.flowId, draft);
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
