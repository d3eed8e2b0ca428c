import { isError, MillraceError } from '@millrace/contract';
import { clonesOf } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { readTemplate } from './find-template.ts';
import { carryOut } from './upgrade-clone.ts';
import { findUpgradable, merged, planOf, type UpgradePlan, type UpgradeServices } from './upgrade-plan.ts';

/** What has become of the clones of a template. */
export interface UpgradedAll {
  readonly upgraded: readonly { readonly flow: string; readonly from: string; readonly revision: number }[];
  /** Flows that are at that version already. */
  readonly current: readonly string[];
  /** Flows that stay as they are until somebody looks at them, and why. */
  readonly left: readonly {
    readonly flow: string;
    readonly from: string;
    readonly code: string;
    readonly message: string;
  }[];
}

/**
 * Upgrades each of the tenant's clones of a template by itself, if it merges without conflicts and what comes of it has no
 * errors. @throws {MillraceError} `NOT_FOUND`
 */
export async function upgradeAll(
  services: UpgradeServices,
  tenant: Tenant,
  template: string,
  to?: string,
): Promise<UpgradedAll> {
  await readTemplate(services, tenant, template);
  const flows = await services.database.asTenants([tenant.id], (tx) => clonesOf(tx, template));
  const ends: UpgradedAll[] = [];
  for (const flow of flows) ends.push(await upgradeIfClean(services, tenant, flow, to));
  return {
    upgraded: ends.flatMap(({ upgraded }) => upgraded),
    current: ends.flatMap(({ current }) => current),
    left: ends.flatMap(({ left }) => left),
  };
}

const nothing: UpgradedAll = { upgraded: [], current: [], left: [] };

async function upgradeIfClean(
  services: UpgradeServices,
  tenant: Tenant,
  flow: string,
  to?: string,
): Promise<UpgradedAll> {
  const found = await findUpgradable(services, tenant, flow, to);
  const { version: from } = found.clone;
  try {
    const upgrade = merged(services, found);
    const plan = await planOf(services, tenant, found, upgrade);
    if (plan.isCurrent) return { ...nothing, current: [flow] };
    refuseUnclean(plan);
    const revision = await carryOut(services, tenant, found, upgrade);
    return { ...nothing, upgraded: [{ flow, from, revision }] };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { ...nothing, left: [{ flow, from, code: error.code, message: error.message }] };
  }
}

function refuseUnclean({ conflicts, problems }: UpgradePlan): void {
  const open = conflicts.filter(({ decision }) => !decision).length;
  const places = open === 1 ? '1 conflict' : `${open} conflicts`;
  if (open > 0) throw new MillraceError('UPGRADE_CONFLICTS', `${places} must be decided first.`);
  const [error] = problems.filter(isError);
  if (error) throw new MillraceError('FLOW_INVALID', `The upgraded flow would have problems: ${error.message}`);
}
