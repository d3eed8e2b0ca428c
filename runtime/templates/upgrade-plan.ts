import { MillraceError, type Problem } from '@millrace/contract';
import { type Change, difference, type FlowBundle } from '@millrace/flow';
import { checkAmongOthers } from '../flows/check-among-others.ts';
import { flowMissing } from '../flows/drafts.ts';
import { setBeyondDefaults } from '../flows/parameters.ts';
import { versionOf } from '../flows/version.ts';
import type { Tx } from '../postgres/database.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { type Draft, loadDraft } from '../postgres/flows/drafts.ts';
import { loadVersion } from '../postgres/flows/versions.ts';
import { type Clone, loadClone } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { readOffered } from './find-template.ts';
import { type Decision, type KeptDecision, type MergedUpgrade, mergeUpgrade, type Sides } from './merge-upgrade.ts';
import type { OfferedVersion, TemplateServices } from './template.ts';

export type UpgradeServices = Pick<TemplateServices, 'database' | 'types' | 'evaluator' | 'bus' | 'shipped'>;

/** A clone, its draft, and the version of its template that it is to come to. */
export interface Upgradable {
  readonly clone: Clone;
  readonly draft: Draft;
  readonly offered: OfferedVersion;
  readonly parametersInUse: readonly string[];
}

/** What an upgrade would change. */
export interface UpgradePlan extends Pick<MergedUpgrade, 'conflicts'> {
  readonly template: string;
  readonly from: string;
  readonly to: string;
  /** Of the draft; the upgrade is made on that. */
  readonly revision: number;
  /** From the draft to what it would be, where nothing is decided yet with what is there. */
  readonly changes: readonly Change[];
  /** Of what it would be; pointers are into the flow, as those of a draft's problems. */
  readonly problems: readonly Problem[];
  /** There is nothing to upgrade. */
  readonly isCurrent: boolean;
}

/** Looks at everything, and writes nothing. @param to the newest version where left out @throws {MillraceError} `NOT_FOUND` */
export async function planUpgrade(
  services: UpgradeServices,
  tenant: Tenant,
  flowId: string,
  to?: string,
): Promise<UpgradePlan> {
  const found = await findUpgradable(services, tenant, flowId, to);
  return planOf(services, tenant, found, merged(services, found));
}

/** @throws {MillraceError} `NOT_FOUND` where there is no such flow, no template for it, or no such version of that */
export async function findUpgradable(
  services: UpgradeServices,
  tenant: Tenant,
  flowId: string,
  to?: string,
): Promise<Upgradable> {
  const found = await services.database.asTenants([tenant.id], async (tx) => ({
    clone: await loadClone(tx, flowId),
    draft: await loadDraft(tx, flowId),
    parametersInUse: await parametersInUse(tx, flowId),
  }));
  const { clone, draft } = found;
  if (!draft) throw flowMissing(flowId);
  if (!clone) throw noClone(flowId);
  return { ...found, clone, draft, offered: await readOffered(services, tenant, clone.template, to) };
}

function noClone(flowId: string): MillraceError {
  return new MillraceError('NOT_FOUND', `The flow “${flowId}” was not made of a template.`, { category: 'not-found' });
}

/** The draft with what has changed in the template. @throws {MillraceError} those of `mergeUpgrade` */
export function merged(
  { types }: Pick<UpgradeServices, 'types'>,
  { clone, draft, offered, parametersInUse }: Upgradable,
  decisions: readonly Decision[] = [],
): MergedUpgrade {
  const sides: Sides = { base: clone.base, mine: draft.bundle, theirs: offered.bundle, parametersInUse };
  return mergeUpgrade(sides, types, clone.decisions as unknown as readonly KeptDecision[], decisions);
}

export async function planOf(
  services: Pick<UpgradeServices, 'database' | 'types' | 'evaluator'>,
  tenant: Tenant,
  { clone, draft, offered }: Upgradable,
  { bundle, conflicts }: Pick<MergedUpgrade, 'bundle' | 'conflicts'>,
): Promise<UpgradePlan> {
  return {
    template: clone.template,
    from: clone.version,
    to: offered.version,
    revision: draft.revision,
    changes: difference(draft.bundle, bundle),
    conflicts,
    problems: await checkAmongOthers(bundle, services, tenant),
    isCurrent: isCurrent(clone, offered),
  };
}

function isCurrent(
  { version, base }: { readonly version: string; readonly base: FlowBundle },
  offered: OfferedVersion,
) {
  return version === offered.version && versionOf(base) === offered.content;
}

async function parametersInUse(tx: Tx, flowId: string): Promise<string[]> {
  const names: string[] = [];
  for (const environment of ['sandbox', 'production']) {
    const deployment = await loadDeployment(tx, environment, flowId);
    const document = deployment && (await loadVersion(tx, deployment.version));
    if (deployment) names.push(...Object.keys(setBeyondDefaults(document?.parameters, deployment.parameters)));
  }
  return [...new Set(names)];
}
