import { MillraceError, type Problem } from '@millrace/contract';
import { removeDraft } from '../postgres/flows/drafts.ts';
import { type FlowUses, flowUses } from '../postgres/flows/flow-uses.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { FlowServices } from './services.ts';

/**
 * Removes a flow that serves nowhere and of which no run is under way. Its versions stay, for the history of its runs.
 * @throws {MillraceError} `NOT_FOUND`; `FLOW_IN_USE` naming every use
 */
export async function removeFlow(
  { database }: Pick<FlowServices, 'database'>,
  tenant: Tenant,
  flowId: string,
): Promise<void> {
  await database.asTenants([tenant.id], async (tx) => {
    refuseUsed(flowId, await flowUses(tx, flowId));
    if (!(await removeDraft(tx, flowId)))
      throw new MillraceError('NOT_FOUND', `The flow “${flowId}” does not exist.`, { category: 'not-found' });
  });
}

function refuseUsed(flowId: string, { environments, runs }: FlowUses): void {
  const uses = [
    ...environments.map((environment) => `It is deployed in ${environment}.`),
    ...(runs > 0 ? [runs === 1 ? 'A run of it has not ended.' : `${runs} runs of it have not ended.`] : []),
  ];
  if (uses.length === 0) return;
  const problems = uses.map((message): Problem => ({ code: 'FLOW_IN_USE', pointer: '', message }));
  throw new MillraceError('FLOW_IN_USE', `The flow “${flowId}” is in use and stays. ${uses.join(' ')}`, { problems });
}
