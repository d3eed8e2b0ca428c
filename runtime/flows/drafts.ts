import { MillraceError, type Problem } from '@millrace/contract';
import { canonicalJson, complete, type IncomingBundle } from '@millrace/flow';
import {
  createDraft,
  type Draft,
  flowExists,
  loadDraft,
  type NewDraft,
  replaceDraft,
} from '../postgres/flows/drafts.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { checkAmongOthers } from './check-among-others.ts';
import type { FlowServices } from './services.ts';
import { versionOf } from './version.ts';

export interface CheckedDraft extends Draft {
  /** Errors stand in the way of deploying it; a draft is saved all the same. */
  readonly problems: readonly Problem[];
}

type Services = Pick<FlowServices, 'database' | 'types' | 'evaluator' | 'bus'>;

/** @throws {MillraceError} `NOT_FOUND` */
export async function readDraft(services: Services, tenant: Tenant, flowId: string): Promise<CheckedDraft> {
  const draft = await services.database.asTenants([tenant.id], (tx) => loadDraft(tx, flowId));
  if (!draft) throw flowMissing(flowId);
  return withProblems(draft, services, tenant);
}

/** @throws {MillraceError} `NOT_FOUND` where there is no such flow */
export async function requireFlow(
  { database }: Pick<Services, 'database'>,
  tenant: Tenant,
  flowId: string,
): Promise<void> {
  if (!(await database.asTenants([tenant.id], (tx) => flowExists(tx, flowId)))) throw flowMissing(flowId);
}

/**
 * Stores a new flow; nothing of it is run.
 * @throws {MillraceError} `FLOW_EXISTS`
 */
export async function importBundle(services: Services, tenant: Tenant, bundle: IncomingBundle): Promise<CheckedDraft> {
  const draft = await services.database.asTenants([tenant.id], (tx) => createDraft(tx, tenant.id, newDraft(bundle)));
  if (!draft)
    throw new MillraceError('FLOW_EXISTS', `There is a flow “${bundle.flow.id}” already.`, { pointer: '/flow/id' });
  return announce(draft, services, tenant);
}

/**
 * Replaces a draft.
 * @param revision that the change was made on; somebody else's save in between is not overwritten
 * @throws {MillraceError} `NOT_FOUND`, `REVISION_CONFLICT` with the present revision
 */
export async function saveDraft(
  services: Services,
  tenant: Tenant,
  { bundle, revision }: { readonly bundle: IncomingBundle; readonly revision: number },
): Promise<CheckedDraft> {
  const draft = await services.database.asTenants([tenant.id], async (tx) => {
    const saved = await replaceDraft(tx, newDraft(bundle), revision);
    return saved ?? Promise.reject(savedMeanwhile(bundle.flow.id, await loadDraft(tx, bundle.flow.id)));
  });
  return announce(draft, services, tenant);
}

/** The draft as text: the same flow is always the same bytes. */
export async function exportBundle(services: Services, tenant: Tenant, flowId: string): Promise<string> {
  const { bundle } = await readDraft(services, tenant, flowId);
  return `${canonicalJson(bundle)}\n`;
}

export function newDraft(bundle: IncomingBundle): NewDraft {
  return { bundle: complete(bundle), content: versionOf(bundle) };
}

function announce(draft: Draft, services: Services, tenant: Tenant): Promise<CheckedDraft> {
  services.bus.publish({ kind: 'flow', tenant: tenant.id, flowId: draft.id, revision: draft.revision });
  return withProblems(draft, services, tenant);
}

async function withProblems(draft: Draft, services: Services, tenant: Tenant): Promise<CheckedDraft> {
  return { ...draft, problems: await checkAmongOthers(draft.bundle, services, tenant) };
}

/** Why a change made on an earlier revision is refused. */
export function savedMeanwhile(flowId: string, present: Draft | undefined): MillraceError {
  if (!present) return flowMissing(flowId);
  return new MillraceError('REVISION_CONFLICT', 'Somebody else has saved this flow in the meantime.', {
    details: { revision: present.revision },
  });
}

export function flowMissing(flowId: string): MillraceError {
  return new MillraceError('NOT_FOUND', `The flow “${flowId}” does not exist.`, { category: 'not-found' });
}
