import { type CatalogueDescription, MillraceError } from '@millrace/contract';
import { compileFlow, type Plan } from '@millrace/flow';
import { analyse } from '@millrace/mapping';
import type { Database } from '../postgres/database.ts';
import { loadVersion } from '../postgres/flows/versions.ts';

export interface Plans {
  /** The compiled version; versions never change, so it is compiled once. */
  get(tenant: string, version: string): Promise<Plan>;
}

const kept = 500;

export function createPlans(database: Database, types: CatalogueDescription): Plans {
  const plans = new Map<string, Plan>();
  return {
    async get(tenant, version) {
      const key = `${tenant}/${version}`;
      const known = plans.get(key) ?? (await load(tenant, version));
      plans.delete(key);
      plans.set(key, known);
      if (plans.size > kept) plans.delete(plans.keys().next().value as string);
      return known;
    },
  };

  async function load(tenant: string, version: string): Promise<Plan> {
    const document = await database.asTenants([tenant], (tx) => loadVersion(tx, version));
    if (!document)
      throw new MillraceError('VERSION_MISSING', `The flow version ${version} does not exist.`, {
        category: 'internal',
      });
    return compileFlow(document, types, version, analyse);
  }
}
