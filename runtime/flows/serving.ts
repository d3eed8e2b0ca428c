import type { Database } from '../postgres/database.ts';
import { loadServing, type Serving } from '../postgres/flows/serving.ts';

export type { Serving } from '../postgres/flows/serving.ts';

export async function findServing(
  database: Database,
  { tenant, environment, flowId }: { readonly tenant: string; readonly environment: string; readonly flowId: string },
): Promise<Serving | undefined> {
  return database.byIndex.atOnce.asTenants([tenant], (tx) => loadServing(tx, environment, flowId));
}
