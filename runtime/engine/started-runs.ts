import { createHash } from 'node:crypto';
import { type Json, type JsonObject, MillraceError, type RunAnswer, type StartedRuns } from '@millrace/contract';
import { findServing } from '../flows/serving.ts';
import { chooseTrigger } from '../flows/trigger.ts';
import type { StartedRun } from '../postgres/commit/start-runs.ts';
import { findSubscribers } from '../postgres/events/subscribers.ts';
import { idFrom } from '../postgres/runs/ids.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Foundation } from './engine.ts';
import { roughSize } from './rough-size.ts';

/** The runs that a burst's steps start, and what they answer to whoever started this one; kept back for the commit. */
export interface BufferedRuns {
  /** As a step may start them. */
  as(step: StartingStep): StartedRuns;
  /** For steps that may not. */
  readonly refusing: StartedRuns;
  pending(): readonly StartedRun[];
  /** Characters of what the pending ones are started with, roughly; what was taken back counts until the commit. */
  readonly size: number;
  answer(): RunAnswer | undefined;
  /** Takes back what a step has started that then did not succeed. */
  discard(step: string): void;
  /** Forgets what was started and answered: it has been committed, or is given up. */
  clear(): void;
}

export interface StartingStep {
  readonly key: string;
  /** Time of its activation: the same when it is performed again. */
  readonly now: Date;
  idempotencyKey(): string;
}

/** Flows that call flows that call flows … deeper than this, each waiting for the next, call each other without end. */
const deepestCall = 16;
/** So many runs, each begun by the one before and waited for by none, follow each other without end. */
const longestChain = 100_000;

export function bufferRuns(run: TakenRun, foundation: Pick<Foundation, 'database' | 'catalogue'>): BufferedRuns {
  let started: { readonly step: string; readonly run: StartedRun }[] = [];
  let answered: { readonly step: string; readonly answer: RunAnswer } | undefined;
  let size = 0;
  const start = (step: string, run: StartedRun) => {
    started.push({ step, run });
    size += roughSize(run.payload);
  };

  return {
    as: (step) => {
      let calls = 0;
      return {
        respond(answer) {
          answered = { step: step.key, answer };
        },
        async call(flowId, payload, { detached = false } = {}) {
          const named = namesOf(step, `call ${calls++}`);
          const called = {
            ...(await calledRun(run, flowId, detached, foundation)),
            ...named,
            payload,
            ...(!detached && { parent: run.id }),
          };
          start(step.key, called);
          return named.id;
        },
        async publish(topic, payload) {
          const { database } = foundation;
          const found = await database.byIndex.atOnce.asTenants([run.tenant], (tx) =>
            findSubscribers(tx, run.environment, topic),
          );
          for (const subscriber of found) {
            const named = namesOf(step, `event ${topic} ${subscriber.flowId} ${subscriber.node}`);
            const meta = { topic, publishedBy: run.id, ...following(run) };
            start(step.key, { ...startedBy(run, meta, `event “${topic}”`), ...subscriber, ...named, payload });
          }
        },
      };
    },
    refusing: { call: refuse, publish: refuse, respond: refuse },
    pending: () => started.map((one) => one.run),
    get size() {
      return size;
    },
    answer: () => answered?.answer,
    discard: (step) => {
      started = started.filter((one) => one.step !== step);
      if (answered?.step === step) answered = undefined;
    },
    clear: () => {
      started = [];
      answered = undefined;
      size = 0;
    },
  };
}

function refuse(): never {
  throw new MillraceError('RUNS_READ_ONLY', 'Only a node whose effect is “stored” may start runs or answer.', {
    category: 'internal',
  });
}

type Unnamed = Omit<StartedRun, 'id' | 'origin' | 'payload' | 'parent'>;

/** @throws {MillraceError} `FLOW_NOT_DEPLOYED`, `TRIGGER_NEEDED`, `CALLS_TOO_DEEP`, `RUNS_WITHOUT_END` */
async function calledRun(
  run: TakenRun,
  flowId: string,
  detached: boolean,
  foundation: Pick<Foundation, 'database' | 'catalogue'>,
): Promise<Unnamed> {
  const place = detached ? following(run) : nested(run);
  const { tenant, environment } = run;
  const serving = await findServing(foundation.database, { tenant, environment, flowId });
  if (!serving) throw new MillraceError('FLOW_NOT_DEPLOYED', `The flow “${flowId}” is not deployed in ${environment}.`);
  const { version, parameters, connections } = serving.deployment;
  const node = chooseTrigger(serving.document, undefined, foundation);
  const meta = { calledBy: run.id, ...place };
  return { ...startedBy(run, meta, `run ${run.id}`), flowId, version, parameters, connections, node };
}

function startedBy({ tenant, environment }: TakenRun, meta: JsonObject, source: string) {
  return { tenant, environment, meta, source };
}

/** How deep a run is that this one waits for. It is as far along the chain. */
function nested({ trigger: { meta } }: TakenRun): JsonObject {
  const callDepth = countOf(meta.callDepth) + 1;
  if (callDepth > deepestCall)
    throw new MillraceError('CALLS_TOO_DEEP', `Flows call each other more than ${deepestCall} deep.`);
  return { callDepth, chain: countOf(meta.chain) };
}

/** How far along the chain a run is that goes its own way: nobody waits for it, so that it is not deep. */
function following({ trigger: { meta } }: TakenRun): JsonObject {
  const chain = countOf(meta.chain) + 1;
  if (chain > longestChain) {
    const message = `More than ${longestChain} runs have begun each other, with nothing from outside among them.`;
    throw new MillraceError('RUNS_WITHOUT_END', message);
  }
  return { chain };
}

function countOf(counted: Json | undefined): number {
  return typeof counted === 'number' ? counted : 0;
}

/** An id that begins with no time at all is that of no run, and the same whenever it is made. */
const noTime = new Date(0);

/**
 * The same step starts the same run, however often it is performed. Its id begins with the time, as all do; its
 * idempotency keys derive from what knows of no time, so that a replay of the step starts another run with the same keys.
 */
function namesOf({ now, idempotencyKey }: StartingStep, what: string): Pick<StartedRun, 'id' | 'origin'> {
  const digest = createHash('sha256').update(`${idempotencyKey()}\n${what}`).digest();
  return { id: idFrom(now, digest), origin: idFrom(noTime, digest) };
}
