import fc from 'fast-check';
import { expect } from 'vitest';
import { type Model, type RunModel, steps } from './model.ts';
import type { Real } from './real.ts';

type Command = fc.AsyncCommand<Model, Real>;

/** One of what may happen; whatever it is, model and engine are compared after it. */
export const commands: fc.Arbitrary<Command>[] = (() => {
  const key = fc.constantFrom('a', 'b', 'c');
  const index = fc.nat({ max: 99 });
  return [
    key.map(start),
    fc.tuple(key, fc.constantFrom(1, 1, 2, 5)).map(([name, times]) => answer(name, times)),
    index.map(cancel),
    index.map(redrive),
    key.map(answerAndCancel),
    fc.constantFrom(...steps).map(pass),
  ];
})();

function command(name: string, run: Command['run'], check: Command['check'] = () => true): Command {
  return {
    check,
    toString: () => name,
    async run(model, real) {
      await run(model, real);
      await real.expectToAgree(model);
    },
  };
}

function start(key: string): Command {
  return command(`start on ${key}`, async (model, real) => {
    model.start(key);
    await real.start(key);
  });
}

function answer(key: string, times: number): Command {
  return command(`answer ${key} ${times}×`, async (model, real) => {
    model.answer(key);
    await real.answer(key, ++model.answers, times);
  });
}

const hasRuns = (model: Readonly<Model>): boolean => model.runs.length > 0;

function cancel(number: number): Command {
  const run: Command['run'] = async (model, real) => {
    const [index, run] = chosen(model, number);
    expect(await real.cancel(index)).toBe(run.status === 'waiting');
    if (run.status === 'waiting') run.status = 'cancelled';
  };
  return command(`cancel ${number}`, run, hasRuns);
}

function redrive(number: number): Command {
  const run: Command['run'] = async (model, real) => {
    const [index, run] = chosen(model, number);
    expect(await real.redrive(index)).toBe(run.status === 'failed' ? 1 : 0);
    if (run.status === 'failed') model.redrive(run);
  };
  return command(`redrive ${number}`, run, hasRuns);
}

/**
 * Either may be first: the engine says which, and then all else must fit. A run may have used the answer before it heard of
 * its cancellation; otherwise the answer is there for whoever waits next.
 */
function answerAndCancel(key: string): Command {
  const run: Command['run'] = async (model, real) => {
    const run = model.openOn(key) as RunModel;
    const index = model.runs.indexOf(run);
    await Promise.all([real.answer(key, ++model.answers, 1), real.cancel(index)]);
    await real.settle();
    if (!(await real.wasCancelled(index))) return model.answer(key);
    run.status = 'cancelled';
    if (!(await real.hasUsedAnswer(index))) model.answer(key);
    // What it has begun to write is not taken back.
    else if (real.hasWritten(index)) run.through = 'answered';
  };
  return command(`answer and cancel ${key} at once`, run, (model) => model.openOn(key) !== undefined);
}

function pass(minutes: number): Command {
  return command(`${minutes} minutes pass`, async (model, real) => {
    model.pass(minutes);
    await real.pass(minutes);
  });
}

function chosen({ runs }: Model, number: number): [number, RunModel] {
  const index = number % runs.length;
  return [index, runs[index] as RunModel];
}
