import type { Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { loadShippedRecordTypes } from '../postgres/flows/shipped-record-types.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { checkBundle } from './check.ts';
import type { FlowServices } from './services.ts';
import { sharedTypeProblems } from './shared-record-types.ts';

/** Every problem of a bundle by itself, and of what it has in common with flows of the tenant that serve. */
export async function checkAmongOthers(
  bundle: FlowBundle,
  services: Pick<FlowServices, 'database' | 'types' | 'evaluator'>,
  tenant: Tenant,
): Promise<readonly Problem[]> {
  const { flow, records } = bundle;
  const ids = records.map(({ id }) => id);
  const shipped = await services.database.asTenants([tenant.id], (tx) => loadShippedRecordTypes(tx, ids, flow.id));
  return [...(await checkBundle(bundle, services, tenant.id)), ...sharedTypeProblems(records, shipped)];
}
