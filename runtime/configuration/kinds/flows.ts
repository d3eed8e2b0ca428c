import { type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import {
  canonicalBundle,
  complete,
  difference,
  type FlowBundle,
  type IncomingBundle,
  sentenceOf,
} from '@millrace/flow';
import { refuseProblems } from '../../flows/check.ts';
import { importBundle, saveDraft } from '../../flows/drafts.ts';
import { removeFlow } from '../../flows/remove-flow.ts';
import { Bundle } from '../../http/schemas.ts';
import { listDrafts, loadDraft } from '../../postgres/flows/drafts.ts';
import { flowFolder } from '../folder/flow-folder.ts';
import type { Application, Kind } from '../kind.ts';

/** Flows as their authors work on them: drafts. Which version serves is told by the deployments. */
export const flows: Kind = {
  id: 'flows',
  hasEnvironment: false,
  action: 'flows.edit',
  named: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  shape: Bundle,
  files: flowFolder,
  async read(tx) {
    const drafts = await listDrafts(tx);
    return drafts.map(({ id, bundle }) => ({
      environment: '',
      name: id,
      value: canonical(bundle as unknown as Json),
      target: `flows/${id}`,
    }));
  },
  canonical,
  tell(before, after) {
    const changes = difference(bundleOf(before), bundleOf(after));
    return changes.length > 0 ? changes.map(sentenceOf) : ['Boxes stand elsewhere.'];
  },
  async apply(application) {
    const { place, after } = application;
    const bundle = bundleOf(after);
    if (bundle.flow.id !== place.name)
      throw new MillraceError('PART_MISNAMED', `The flow of “${place.name}” has the id “${bundle.flow.id}”.`, {
        pointer: '/flow/id',
      });
    const problems = (await store(application, bundle)).map(inBundle);
    refuseProblems('FLOW_INVALID', 'The flow has problems.', problems);
    return problems;
  },
  remove: ({ services, tenant, place }) => removeFlow(services, tenant, place.name),
};

async function store(
  { services, tenant, place, before }: Application,
  bundle: FlowBundle,
): Promise<readonly Problem[]> {
  if (before === undefined) return (await importBundle(services, tenant, bundle)).problems;
  const present = await services.database.asTenants([tenant.id], (tx) => loadDraft(tx, place.name));
  return (await saveDraft(services, tenant, { bundle, revision: present?.revision ?? 0 })).problems;
}

function canonical(value: Json): Json {
  return canonicalBundle(complete(value as unknown as IncomingBundle)) as unknown as JsonObject;
}

function bundleOf(value: Json): FlowBundle {
  return value as unknown as FlowBundle;
}

/** Problems of the document have pointers into it. */
function inBundle(problem: Problem): Problem {
  return problem.pointer.startsWith('/records/') ? problem : { ...problem, pointer: `/flow${problem.pointer}` };
}
