import type { Catalogue, CatalogueDescription, Json, JsonObject } from '@millrace/contract';
import { expressionsOf, type FlowDocument } from '@millrace/flow';
import { type Analysis, analyse, tablesNamed } from '@millrace/mapping';
import { effectOf } from '../../engine/effect.ts';
import type { StoredStep } from '../../postgres/queries/load-steps.ts';

/** What a test shows of a run is not all that there was. */
export interface Shown {
  readonly document: FlowDocument;
  /** Whether the test shows the data as it was, with nothing hidden and no file that is the run's alone. */
  isWhole(value: Json): boolean;
  /** Whether a code table is as it was in the run. */
  isSame(table: string): boolean;
  readonly trigger: { readonly node: string; readonly data: Json };
  readonly parameters: JsonObject;
  readonly steps: readonly StoredStep[];
}

interface Types {
  readonly catalogue: Catalogue;
  readonly types: CatalogueDescription;
}

/** They give something else each time, or to another tenant. */
const changing = new Set(['now', 'millis', 'random', 'shuffle']);

/**
 * Whether a step, run again by the test, gives what it gave: its node computes, and all that it reads the test shows as it was.
 */
export function computedAgain(shown: Shown, { catalogue, types }: Types): (step: StoredStep) => boolean {
  const { document, steps, isWhole } = shown;
  const texts = Map.groupBy(expressionsOf(document, types), ({ node }) => node);
  const hasTrigger = isWhole(shown.trigger.data);
  const hasParameter = (name: string) => isWhole({ [name]: shown.parameters[name] ?? null });
  const hasErrors = steps.every(({ error }) => isWhole((error as Json | null) ?? null));
  const changedSteps = steps.filter(({ output }) => !isWhole(output)).map(({ node }) => node);
  const unlike = new Set(hasTrigger ? changedSteps : [...changedSteps, shown.trigger.node]);

  const readsTheSame = (text: string) => {
    const reads = analyse(text);
    if (reads.needs.run || reads.needs.tenant || reads.functions.some((name) => changing.has(name))) return false;
    if (reads.needs.error && !hasErrors) return false;
    if (reads.needs.trigger && !hasTrigger) return false;
    if (!reads.params.every(hasParameter)) return false;
    return !readsAny(unlike, reads) && tablesNamed(text).every(shown.isSame);
  };
  return ({ node, input }) => {
    const { type, config } = document.nodes[node] ?? { type: '', config: {} };
    const spec = catalogue.nodes.get(type);
    if (!spec || effectOf(spec, config as JsonObject) !== 'pure' || !isWhole(input)) return false;
    return (texts.get(node) ?? []).every(({ text }) => readsTheSame(text));
  };
}

function readsAny(nodes: ReadonlySet<string>, { readsAllSteps, steps }: Analysis): boolean {
  return readsAllSteps ? nodes.size > 0 : steps.some((step) => nodes.has(step));
}
