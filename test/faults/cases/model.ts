import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { spawnOwn } from '../parts/own-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** T16: fifty commands a sequence, to the engine and to a model of it. It is a test of its own, which is run here. */
export const model: Fault = { id: 'T16', title: 'the engine against a model', run: compare };

async function compare({ seed, long }: FaultContext): Promise<Finding> {
  const sequences = long ? 200 : 5;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-model-'));
  const file = join(folder, 'vitest.log');
  const log = openSync(file, 'a');
  const child = spawnOwn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/faults/model'], {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { ...process.env, NO_COLOR: '1', FAULTS_SEED: String(seed), FAULTS_SEQUENCES: String(sequences) },
  });
  closeSync(log);
  await child.ended;
  const said = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  const passed = /Tests\s+1 passed/.test(said);
  return {
    problems: passed ? [] : [said.slice(-3000)],
    facts: `${sequences} sequences of up to 50 commands`,
  };
}
