/*
 * T16: what becomes of runs, command by command, is compared with a model that fits on a page. The engine is the real one,
 * twice, over a real database whose clock is turned. `npm run faults` sets `FAULTS_SEED` and `FAULTS_SEQUENCES`.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { type EngineFixture, startFixture } from '../../../runtime/engine/engine.fixture.ts';
import type { Engine } from '../../../runtime/engine/engine.ts';
import { commands } from './commands.ts';
import { nodes } from './flow.fixture.ts';
import { Model } from './model.ts';
import { Real } from './real.ts';

const seed = Number(process.env.FAULTS_SEED ?? 1);
const numRuns = Number(process.env.FAULTS_SEQUENCES ?? 3);
const commandsEach = 50;

let fixture: EngineFixture;
let engines: readonly Engine[];
let sequence = 0;

beforeAll(async () => {
  fixture = await startFixture({ nodes });
  engines = [fixture.engine, await fixture.another()];
});
afterAll(() => fixture.stop());

test('T16 runs, answers, timers and cancellations: the engine does what the model says', {
  timeout: 3_600_000,
}, async () => {
  const sequences = fc.commands(commands, { maxCommands: commandsEach, size: 'max' });
  await fc.assert(
    fc.asyncProperty(sequences, async (chosen) => {
      const real = new Real(fixture, engines, `${++sequence} `);
      await fc.asyncModelRun(() => ({ model: new Model(), real }), chosen);
    }),
    { seed, numRuns },
  );
});
