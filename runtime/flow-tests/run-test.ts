/*
 * One flow test in the real engine, on a database whose clock is turned. Long because it tells the test's whole course:
 * bind, start, let it come to rest, turn the clock to what comes next, and look at what has become of it.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  durationMs,
  type Json,
  type JsonObject,
  type Result,
  type SandboxOptions,
  writeJson,
} from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { createMissingTables } from '../code-tables/create-missing.ts';
import { saveConnectionOf } from '../connections/save-connection.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { defaultsOf } from '../flows/parameters.ts';
import { versionOf } from '../flows/version.ts';
import { deploy } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { addOverride } from '../postgres/mappings/overrides.ts';
import type { SimulatedClock } from '../postgres/simulated-clock.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { intake, type TriggerArrival } from '../triggers/intake.ts';
import type { Expectation, FlowTest } from './format.ts';
import { mismatches } from './match.ts';
import {
  nextDue,
  type ObservedRun,
  observeAlerts,
  observeRecords,
  observeRun,
  observeSignals,
  openWaitOf,
} from './observe.ts';
import { startSandboxes } from './sandboxes.ts';
import { type RecordSeeds, seedRecords } from './seed-records.ts';
import { payloadOf } from './trigger.ts';

/** An engine whose time and nodes' answers are the test's. */
export interface Stage {
  readonly foundation: Foundation;
  readonly engine: Engine;
  readonly clock: SimulatedClock;
  /** An empty folder for sandboxes. */
  readonly folder: string;
  /** A database for a sandbox. */
  readonly scratch: SandboxOptions['database'];
  /** Puts the test's mocks into the engine. */
  setMock(mock: ((node: string, attempt: number) => Result | undefined) | undefined): void;
}

export interface TestReport {
  readonly name: string;
  /** One sentence for everything that was not as expected; none: the test holds. */
  readonly mismatches: readonly string[];
  /** What the runs did, for the list of edges that no test takes. */
  readonly runs: readonly ObservedRun[];
}

const environment = 'production';

/** Something that happens at a time of the test's own. */
interface Event {
  readonly at: Date;
  readonly happen: () => Promise<void>;
}

export async function runFlowTest(bundle: FlowBundle, test: FlowTest, stage: Stage): Promise<TestReport> {
  const { foundation, engine, clock } = stage;
  const { database } = foundation;
  const tenant = await database.asScanner((tx) => ensureTenant(tx, `test-${randomUUID().slice(0, 8)}`, test.name));
  const begin = await clock.now();
  const at = (duration: string) => new Date(begin.getTime() + durationMs(duration));
  const sandboxes = await startSandboxes(bundle.flow, foundation.catalogue, {
    folder: `${stage.folder}/${tenant.slug}`,
    now: () => new Date(),
    database: stage.scratch,
    kinds: test.sandboxes ?? {},
  });
  try {
    const arrival = await bind();
    const runs: { id: string; duplicate: boolean; expect: Expectation | undefined }[] = [];
    const start = async (trigger: FlowTest['trigger'], expect: Expectation | undefined) => {
      const accepted = await intake(foundation, engine, {
        ...arrival(trigger),
        payload: payloadOf(trigger, bundle, await clock.now()),
      });
      runs.push({ id: accepted.run, duplicate: accepted.duplicate, expect });
    };
    const acts = Object.entries(test.sandbox ?? {}).flatMap(([slot, script]) =>
      script.map((line) => ({
        at: at(line.at),
        happen: async () => sandboxes.sandboxes.get(slot)?.act(line.act as Json),
      })),
    );
    const further = (test.further ?? []).map((next) => ({
      at: at(next.at),
      happen: () => start(next.trigger, next.expect),
    }));
    const pending = new SignalMocks(test, stage, tenant.id);

    stage.setMock(mockOf(test));
    await play([...acts, { at: begin, happen: () => start(test.trigger, test.expect) }, ...further], async () =>
      pending.events(
        runs.map((run) => run.id),
        await clock.now(),
      ),
    );
    return await report(runs);
  } finally {
    stage.setMock(undefined);
    await sandboxes.stop();
  }

  /** Deploys the flow for the test's tenant with a sandbox in every slot; answers how a trigger arrives. */
  async function bind(): Promise<(trigger: FlowTest['trigger']) => Omit<TriggerArrival, 'payload'>> {
    const hash = versionOf(bundle);
    const connections: Record<string, string> = {};
    for (const [slot, { type, config }] of sandboxes.connections)
      connections[slot] = await saveConnectionOf(foundation, {
        tenant: tenant.id,
        environment,
        name: slot,
        type,
        config,
      });
    const parameters = { ...defaultsOf(bundle.flow.parameters), ...((test.params ?? {}) as JsonObject) };
    await database.asTenants([tenant.id], async (tx) => {
      await saveVersion(tx, { tenant: tenant.id, hash, bundle });
      const deployment = {
        tenant: tenant.id,
        environment,
        flowId: bundle.flow.id,
        version: hash,
        parameters,
        connections,
      };
      await deploy(tx, deployment, { routes: [], recordTypes: bundle.records });
      await createMissingTables(tx, { tenant: tenant.id, environment }, bundle.tables ?? []);
      for (const [mapping, fields] of Object.entries(test.mappings ?? {})) {
        const address = { tenant: tenant.id, environment, flowId: bundle.flow.id, mapping };
        await addOverride(tx, address, { fields, action: 'edit' }, { by: 'flow test' });
      }
    });
    const place = { tenant: tenant.id, environment, flowId: bundle.flow.id };
    await seedRecords(foundation, place, bundle, (test.records ?? {}) as RecordSeeds);
    const triggers = Object.entries(bundle.flow.nodes).filter(([, node]) =>
      foundation.catalogue.triggers.has(node.type),
    );
    return (trigger) => ({
      tenant: tenant.id,
      environment,
      flowId: bundle.flow.id,
      node: trigger.node ?? (triggers[0]?.[0] as string),
      meta: (trigger.meta ?? {}) as JsonObject,
      source: 'flow test',
    });
  }

  /** Lets everything happen in the order of its time, turning the clock whenever the engine has come to rest. */
  async function play(script: readonly Event[], signals: () => Promise<Event[]>): Promise<void> {
    const open = [...script];
    for (;;) {
      await engine.settle();
      open.push(...(await signals()));
      open.sort((a, b) => a.at.getTime() - b.at.getTime());
      const due = await database.asTenants([tenant.id], nextDue);
      const next = open[0];
      if (!next && !due) return;
      const timerFirst = due !== undefined && (next === undefined || due < next.at);
      await clock.advanceTo(timerFirst ? due : (next as Event).at);
      if (!timerFirst) await (open.shift() as Event).happen();
    }
  }

  async function report(
    runs: readonly { id: string; duplicate: boolean; expect: Expectation | undefined }[],
  ): Promise<TestReport> {
    const found: string[] = [];
    const observed: ObservedRun[] = [];
    for (const [index, { id, duplicate, expect }] of runs.entries()) {
      const run = await database.asTenants([tenant.id], (tx) => observeRun(tx, id));
      observed.push(run);
      const which = index === 0 ? '' : `run ${index + 1}: `;
      found.push(...runMismatches(expect ?? {}, run, duplicate).map((text) => which + text));
    }
    found.push(...(await worldMismatches()));
    return { name: test.name, mismatches: found, runs: observed };
  }

  async function worldMismatches(): Promise<string[]> {
    const { records = {}, signals, alerts, sandbox = {} } = test.expect;
    return database.asTenants([tenant.id], async (tx) => {
      const found: string[] = [];
      for (const [type, expected] of Object.entries(records))
        found.push(...mismatches(expected as Json, await observeRecords(tx, type), `records/${type}`));
      if (signals) found.push(...mismatches(signals as Json, await observeSignals(tx), 'signals'));
      if (alerts) found.push(...mismatches(alerts as Json, await observeAlerts(tx), 'alerts'));
      for (const [slot, expected] of Object.entries(sandbox))
        found.push(...mismatches(expected as Json, await sandboxes.sandboxes.get(slot)?.state(), `sandbox/${slot}`));
      return found;
    });
  }
}

/** Signals that a test promises to waiting nodes: each comes once, when its wait is open. */
class SignalMocks {
  readonly #promised: Map<string, { signal: Json; after: string }>;
  readonly #stage: Stage;
  readonly #tenant: string;

  constructor(test: FlowTest, stage: Stage, tenant: string) {
    const mocks = Object.entries(test.mocks ?? {});
    this.#promised = new Map(
      mocks.flatMap(([node, mock]) =>
        'signal' in mock ? [[node, { signal: mock.signal as Json, after: mock.after ?? 'PT0S' }]] : [],
      ),
    );
    this.#stage = stage;
    this.#tenant = tenant;
  }

  async events(runs: readonly string[], now: Date): Promise<Event[]> {
    const found: Event[] = [];
    for (const run of runs)
      for (const [node, { signal, after }] of this.#promised) {
        const wait = await this.#stage.foundation.database.asTenants([this.#tenant], (tx) => openWaitOf(tx, run, node));
        if (!wait) continue;
        this.#promised.delete(node);
        found.push({ at: new Date(now.getTime() + durationMs(after)), happen: () => this.#send(wait, signal) });
      }
    return found;
  }

  async #send(wait: { channel: string; key: string }, payload: Json): Promise<void> {
    const fingerprint = createHash('sha256').update(writeJson(payload)).digest('hex');
    const signal = { tenant: this.#tenant, environment, ...wait, source: 'flow test', fingerprint, payload };
    await this.#stage.engine.signal(signal);
  }
}

function mockOf({ mocks = {} }: FlowTest): Stage['foundation']['mock'] {
  return (node, attempt) => {
    const mock = mocks[node];
    if (!mock || 'signal' in mock) return undefined;
    const outcome = Array.isArray(mock) ? mock[Math.min(attempt, mock.length) - 1] : mock;
    if (outcome?.error) return { kind: 'fail', error: { message: 'Mocked.', ...outcome.error } } as Result;
    return { kind: 'emit', port: outcome?.port ?? 'out', data: (outcome?.output ?? null) as Json };
  };
}

function runMismatches(expect: Expectation, run: ObservedRun, duplicate: boolean): string[] {
  const outcome = duplicate ? 'duplicate' : run.status;
  const nodes = run.steps.map((step) => step.node);
  const byNode = Object.fromEntries(run.steps.map((step) => [step.node, step as JsonObject]));
  return [
    ...(expect.outcome ? mismatches(expect.outcome, outcome, 'outcome') : []),
    ...(expect.path ? mismatches(expect.path, nodes, 'path') : []),
    ...(expect.steps ? mismatches(expect.steps as Json, byNode, 'steps') : []),
    ...(expect.error ? mismatches(expect.error as Json, run.error, 'error') : []),
    ...(expect.answer ? mismatches(expect.answer as Json, run.answer as unknown as Json, 'answer') : []),
    ...(expect.output === undefined ? [] : mismatches(expect.output as Json, run.output, 'output')),
  ];
}
