import { type ErrorData, type Json, type JsonObject, writeJson } from '@millrace/contract';
import { expressionsOf, type FlowDocument, placeOf } from '@millrace/flow';
import { openedSecrets } from '../../connections/opened-secrets.ts';
import { ownerOf } from '../../connections/stored-config.ts';
import type { Foundation } from '../../engine/engine.ts';
import { payloadsIn } from '../../payloads/references.ts';
import { listConnections } from '../../postgres/connections/connections.ts';
import type { StoredStep } from '../../postgres/queries/load-steps.ts';
import type { Hide } from '../../secrets/hide-known.ts';
import type { FlowTest } from '../format.ts';
import { computedAgain } from './computed-again.ts';
import { type HideSecrets, hideSecrets } from './hide-secrets.ts';
import { type PastRun, readPastRun } from './read-past-run.ts';
import { secretPlaces } from './secret-places.ts';

type Services = Pick<Foundation, 'database' | 'payloads' | 'catalogue' | 'types' | 'masterKeys'>;

/**
 * A test that a run that has ended passes: its trigger, what stands in place of each step that would not give the same again
 * (what reached outside, and what reads the time, a changed table or something hidden), and what came of it. Without secrets:
 * those of connections, what fields hold whose name or schema says so, and what looks like a credential.
 * @throws {MillraceError} those of {@link readPastRun}, `SECRET_UNREADABLE`
 */
export async function testOfRun(services: Services, tenant: string, id: string): Promise<FlowTest> {
  const texts = (document: FlowDocument) => expressionsOf(document, services.types).map(({ text }) => text);
  const past = await readPastRun(services, tenant, id, texts);
  const hide = hideSecrets(dataOf(past), placesIn(past), await hidingConnections(services, tenant));
  const { run, steps, tables } = past;
  const isComputed = computedAgain(
    {
      document: run.document,
      steps,
      trigger: { node: run.triggerNode, data: run.trigger },
      parameters: run.parameters,
      isWhole: (value) => payloadsIn(value).size === 0 && writeJson(hide(value)) === writeJson(value),
      isSame: (name) => tables.get(name)?.isSame === true,
    },
    services,
  );
  return written(past, hide, isComputed);
}

function dataOf({ run, steps, tables }: PastRun): Json[] {
  const entries = [...tables.values()].map((table) => table.entries as unknown as Json);
  return [run.trigger, run.parameters, ...steps.map(({ output }) => output), ...entries];
}

function placesIn({ run, recordTypes }: PastRun) {
  return secretPlaces([run.document as unknown as Json, recordTypes]);
}

async function hidingConnections({ database, masterKeys }: Services, tenant: string): Promise<Hide[]> {
  const connections = await database.asTenants([tenant], listConnections);
  return connections.map(({ id, sealed }) => openedSecrets(sealed, ownerOf({ tenant, id }), masterKeys).hide);
}

function written(past: PastRun, hide: HideSecrets, isComputed: (step: StoredStep) => boolean): FlowTest {
  const { run, tables } = past;
  const steps = withoutBodies(past.steps, isComputed);
  const mocked = steps.filter((step) => !isComputed(step));
  return {
    name: `As on ${run.startedAt.toISOString()}`,
    trigger: {
      node: run.triggerNode,
      payload: hide(run.trigger.payload),
      meta: hide(run.trigger.meta) as JsonObject,
    },
    params: hide(run.parameters) as JsonObject,
    ...(tables.size > 0 && { tables: tablesIn(past, hide) }),
    mocks: Object.fromEntries(mocked.map((step) => [step.key, outcomeOf(step, hide)])),
    expect: {
      outcome: run.status as 'succeeded' | 'failed',
      ...(isInOneOrder(run.document, steps) && { path: steps.map(({ node }) => node) }),
      steps: expectedSteps(steps, isComputed, hide),
      ...(run.error && { error: { code: run.error.code } }),
    },
  };
}

/** Where something stands in place of a loop, its body does not run. */
function withoutBodies(steps: readonly StoredStep[], isComputed: (step: StoredStep) => boolean): readonly StoredStep[] {
  const mocked = steps.filter((step) => !isComputed(step)).map(({ key }) => `${key}[`);
  return steps.filter(({ key }) => !mocked.some((loop) => key.startsWith(loop)));
}

function tablesIn({ tables }: PastRun, hide: HideSecrets): NonNullable<FlowTest['tables']> {
  const shown = [...tables].map(([name, { entries }]) => [name, hide(entries as unknown as Json)]);
  return Object.fromEntries(shown) as NonNullable<FlowTest['tables']>;
}

function outcomeOf({ status, port, output, error }: StoredStep, hide: HideSecrets) {
  if (status === 'failed' && error) return { error: mockedError(error, hide) };
  return { port: port ?? 'out', output: hide(output) };
}

function mockedError({ category, code, message, details }: ErrorData, hide: HideSecrets) {
  return {
    category,
    code,
    message: hide(message) as string,
    ...(details !== undefined && { details: hide(details) }),
  };
}

/** Branches that run side by side, and passes of loops, may come in another order. */
function isInOneOrder({ edges }: FlowDocument, steps: readonly StoredStep[]): boolean {
  const starts = edges.map(({ from, port = '' }) => `${from}:${port}`);
  return new Set(starts).size === starts.length && steps.every(({ key, node }) => key === node);
}

/** Of nodes that ran once; of those that compute with what they gave. */
function expectedSteps(
  steps: readonly StoredStep[],
  isComputed: (step: StoredStep) => boolean,
  hide: HideSecrets,
): NonNullable<FlowTest['expect']['steps']> {
  const once = [...Map.groupBy(steps, ({ node }) => node).values()].filter((same) => same.length === 1).flat();
  const own = once.filter(({ key }) => placeOf(key).pass === undefined);
  return Object.fromEntries(
    own.map((step) => {
      const { node, status, port, output } = step;
      const isTold = isComputed(step) && status === 'done';
      return [node, isTold ? { port, output: hide(output) } : { status }];
    }),
  );
}
