import type { FlowDocument } from '@millrace/flow';
import type { Database } from '../postgres/database.ts';
import { type Deployment, loadDeployment } from '../postgres/flows/deployments.ts';
import { loadVersion } from '../postgres/flows/versions.ts';

/** What serves in an environment: the deployment and its document. */
export interface Serving {
  readonly deployment: Deployment;
  readonly document: FlowDocument;
}

export async function findServing(
  database: Database,
  { tenant, environment, flowId }: { readonly tenant: string; readonly environment: string; readonly flowId: string },
): Promise<Serving | undefined> {
  return database.asTenants([tenant], async (tx) => {
    const deployment = await loadDeployment(tx, environment, flowId);
    const document = deployment && (await loadVersion(tx, deployment.version));
    return deployment && document && { deployment, document };
  });
}
