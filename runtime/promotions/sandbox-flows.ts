import type { Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { flowsNamed } from '../flows/flows-named.ts';
import type { FlowServices } from '../flows/services.ts';
import type { Tx } from '../postgres/database.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { loadBundle } from '../postgres/flows/load-versions.ts';
import type { FlowState } from './kinds/flows.ts';

/** A flow as it serves in the sandbox. */
export interface SandboxFlow {
  readonly state: FlowState;
  readonly bundle: FlowBundle;
}

export interface SandboxFlows {
  readonly flows: readonly SandboxFlow[];
  /** Flows that are called and do not serve there; calls of which nobody knows beforehand where they lead are warnings. */
  readonly problems: readonly Problem[];
}

/** The flow with all that it calls, and what these call. */
export async function sandboxFlows(
  tx: Tx,
  { types }: Pick<FlowServices, 'types'>,
  flowId: string,
): Promise<SandboxFlows> {
  const flows = new Map<string, SandboxFlow | undefined>();
  const problems: Problem[] = [];
  const open = [{ name: flowId, pointer: '/flow', from: undefined as string | undefined }];
  for (let call = open.shift(); call; call = open.shift()) {
    const { name, pointer, from } = call;
    if (flows.has(name)) continue;
    const found = await servingInSandbox(tx, name);
    flows.set(name, found);
    if (!found) problems.push(notServing(name, pointer, from));
    for (const next of found ? flowsNamed(found.bundle.flow, types) : [])
      if (next.isKnown) open.push({ name: next.id, pointer: next.pointer, from: name });
      else problems.push(notKnown(name, next.pointer));
  }
  return { flows: [...flows.values()].filter((flow) => flow !== undefined), problems };
}

async function servingInSandbox(tx: Tx, flowId: string): Promise<SandboxFlow | undefined> {
  const deployed = await loadDeployment(tx, 'sandbox', flowId);
  const kept = deployed && (await loadBundle(tx, flowId, deployed.version));
  if (!deployed || !kept) return undefined;
  const { version, parameters, connections } = deployed;
  return { state: { version, parameters, connections }, bundle: kept.bundle };
}

function notServing(name: string, pointer: string, from: string | undefined): Problem {
  const called = from === undefined ? '' : `, and “${from}” calls it`;
  return {
    code: 'FLOW_NOT_IN_SANDBOX',
    pointer: from === undefined ? pointer : `/flow/${from}${pointer}`,
    message: `The flow “${name}” is not deployed in the sandbox${called}.`,
  };
}

function notKnown(flow: string, pointer: string): Problem {
  return {
    code: 'CALL_NOT_KNOWN',
    pointer: `/flow/${flow}${pointer}`,
    message: `Which flow “${flow}” calls here is only known when it runs; see to it that it serves in production.`,
    severity: 'warning',
  };
}
