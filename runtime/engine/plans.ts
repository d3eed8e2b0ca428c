import { type CatalogueDescription, type Json, MillraceError } from '@millrace/contract';
import { compileFlow, type Plan } from '@millrace/flow';
import { analyse } from '@millrace/mapping';
import { LRUCache } from 'lru-cache';
import type { Database } from '../postgres/database.ts';
import { loadVersion } from '../postgres/flows/versions.ts';
import { roughSize } from './rough-size.ts';

export interface Plans {
  /** The compiled version: it is the hash of what it does, so that it is compiled once for all who have it. */
  get(tenant: string, version: string): Promise<Plan>;
}

/** Bytes that all plans together may have, roughly. */
const mostBytes = 128 * 1024 * 1024;
/** Measured with flows of 266 to 23,430 characters. */
const bytesOf = { anyPlan: 15_000, character: 11 };

export function createPlans(database: Database, types: CatalogueDescription): Plans {
  const plans = new LRUCache<string, Plan>({ maxSize: mostBytes });
  return {
    async get(tenant, version) {
      const known = plans.get(version);
      if (known) return known;
      const document = await database.byIndex.atOnce.asTenants([tenant], (tx) => loadVersion(tx, version));
      if (!document) throw missing(version);
      const plan = compileFlow(document, types, version, analyse);
      const size = bytesOf.anyPlan + bytesOf.character * roughSize(document as unknown as Json);
      plans.set(version, plan, { size });
      return plan;
    },
  };
}

function missing(version: string): MillraceError {
  return new MillraceError('VERSION_MISSING', `The flow version ${version} does not exist.`, { category: 'internal' });
}
