import { isObject, type Json, type Problem } from '@millrace/contract';
import { type Change, complete, difference, type FlowBundle, type IncomingBundle } from '@millrace/flow';
import { Value } from 'typebox/value';
import { loadDraft } from '../postgres/flows/drafts.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { Bundle } from './bundle-shape.ts';
import { checkDocument } from './check.ts';
import { checkAmongOthers } from './check-among-others.ts';
import type { FlowServices } from './services.ts';

/** What importing something as a flow would do. */
export interface ImportPlan {
  /** Null where the bundle does not say it. */
  readonly id: string | null;
  /** Of the draft that is there; null where there is no such flow yet. */
  readonly revision: number | null;
  /** Everything that is wrong; pointers are into the bundle. */
  readonly problems: readonly Problem[];
  /** From the draft that is there; none where there is no such flow, or where the bundle is none. */
  readonly changes: readonly Change[];
}

type Services = Pick<FlowServices, 'database' | 'types' | 'evaluator'>;

/** Looks at what may be a bundle and at what is there, and writes nothing. */
export async function planImport(services: Services, tenant: Tenant, incoming: Json): Promise<ImportPlan> {
  const flow = isObject(incoming) && isObject(incoming.flow) ? incoming.flow : {};
  const id = typeof flow.id === 'string' ? flow.id : null;
  const draft = id === null ? undefined : await services.database.asTenants([tenant.id], (tx) => loadDraft(tx, id));
  const misfits = misfitsOf(incoming);
  const bundle = misfits.length === 0 ? complete(incoming as unknown as IncomingBundle) : undefined;
  return {
    id,
    revision: draft?.revision ?? null,
    problems: bundle
      ? await problemsOf(bundle, services, tenant)
      : [...misfits, ...(await deeper(flow, services, tenant))],
    changes: draft && bundle ? difference(draft.bundle, bundle) : [],
  };
}

function misfitsOf(incoming: Json): Problem[] {
  return Value.Errors(Bundle, incoming).map(({ instancePath, message }) => ({
    code: 'BUNDLE_INVALID',
    pointer: instancePath,
    message: `${instancePath || 'The bundle'} ${message}.`,
  }));
}

async function problemsOf(bundle: FlowBundle, services: Services, tenant: Tenant): Promise<Problem[]> {
  return (await checkAmongOthers(bundle, services, tenant)).map(inBundle);
}

/** What is wrong in the document besides, where its frame is sound enough to be looked into. */
async function deeper(flow: Json, services: Services, tenant: Tenant): Promise<Problem[]> {
  if (!isObject(flow) || !isObject(flow.nodes) || !Array.isArray(flow.edges)) return [];
  return (await checkDocument(flow, services, tenant.id)).map(inBundle);
}

const besideTheFlow = /^\/(records|mappings|tables)\//;

/** Problems of a document are told from its root on; those of what lies beside it are from the bundle's. */
function inBundle(problem: Problem): Problem {
  const { pointer } = problem;
  return besideTheFlow.test(pointer) ? problem : { ...problem, pointer: `/flow${pointer}` };
}
