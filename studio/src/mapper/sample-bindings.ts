import type { Json } from '@millrace/contract';
import type { FlowDocument, Session } from '../api/types.ts';
import { defaultsOf } from '../flows/parameters.ts';

/** Stands for the id of a run that does not exist. */
const sampleId = '00000000-0000-7000-8000-000000000000';

interface Surroundings {
  readonly flow: { readonly [Part in 'connections' | 'parameters']?: FlowDocument[Part] | undefined };
  readonly session: Session | undefined;
  /** Ids of the flow's triggers. */
  readonly triggers: readonly string[];
  /** ISO time at which the sample is taken to have come. */
  readonly at: string;
}

/**
 * Everything that an expression of a step sees besides its input, made up so that a sample can be evaluated: the sample
 * is what the trigger received, in a run that begins now.
 */
export function sampleBindings(sample: Json, { flow, session, triggers, at }: Surroundings): Record<string, Json> {
  const slots = Object.keys(flow.connections ?? {}).map((slot) => [slot, sampleId] as const);
  return {
    params: defaultsOf(flow.parameters) as Json,
    trigger: { body: sample, receivedAt: at, headers: {}, query: {} },
    steps: Object.fromEntries(triggers.map((id) => [id, sample])),
    run: { id: sampleId, startedAt: at, connections: Object.fromEntries(slots) },
    tenant: { id: sampleId, slug: session?.tenant.slug ?? '', timeZone: session?.tenant.timeZone ?? 'UTC' },
  };
}
